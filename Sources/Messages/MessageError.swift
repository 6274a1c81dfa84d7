/// Why bytes from the network are not a message.
public enum MessageError: Error, Hashable, Sendable {
    /// A message has a number of frames other than one or two.
    case frameCount(Int)
    /// A frame is larger than its cap.
    case tooLarge(frame: Int, byteCount: Int, limit: Int)
    /// Frame 0 is not a protobuf message of the contract, or holds no body.
    case undecodable
    /// A field has a wrong length, is out of range or missing.
    case invalidField(String)
    /// A payload frame is there where none belongs, or missing where one does.
    case payloadMismatch
}
