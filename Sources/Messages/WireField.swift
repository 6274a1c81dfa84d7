import Foundation
import SwiftProtobuf

/// Validation of single fields of the contract.
enum WireField {
    static func bytes<Value: FixedSizeBytes>(_ data: Data, _ name: String) throws(MessageError) -> Value {
        guard let value = Value(data) else { throw .invalidField(name) }
        return value
    }

    static func count(_ value: UInt64, _ name: String, atMost limit: Int) throws(MessageError) -> Int {
        guard value <= UInt64(limit) else { throw .invalidField(name) }
        return Int(value)
    }

    static func text(_ value: String, _ name: String) throws(MessageError) -> String {
        guard value.utf8.count <= ProtocolLimits.textByteCount else { throw .invalidField(name) }
        return value
    }

    static func resume(_ point: WireResumePoint) throws(MessageError) -> ResumePoint {
        ResumePoint(
            session: try bytes(point.session, "resume.session"),
            nextChunk: try count(UInt64(point.nextChunk), "resume.next_chunk", atMost: maximumChunkCount))
    }

    static func chunk(_ chunk: WireChunkHeader) throws(MessageError) -> ChunkHeader {
        let index = try count(UInt64(chunk.index), "chunk.index", atMost: maximumChunkCount)
        guard index > 0 else { throw .invalidField("chunk.index") }
        return ChunkHeader(session: try bytes(chunk.session, "chunk.session"), index: index)
    }

    static func chunkCount(_ declared: UInt32, byteCount: Int) throws(MessageError) {
        guard Int(declared) == ProtocolLimits.chunkCount(of: byteCount) else { throw .invalidField("chunk_count") }
    }

    static let maximumChunkCount = ProtocolLimits.chunkCount(of: ProtocolLimits.transferByteCount)
}

extension FixedSizeBytes {
    var data: Data { Data(bytes) }
}

extension ResumePoint {
    var wire: WireResumePoint {
        .with {
            $0.session = session.data
            $0.nextChunk = UInt32(nextChunk)
        }
    }
}

extension ChunkHeader {
    var wire: WireChunkHeader {
        .with {
            $0.session = session.data
            $0.index = UInt32(index)
        }
    }
}
