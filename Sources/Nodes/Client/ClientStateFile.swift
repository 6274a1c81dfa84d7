import Federation
import Foundation

/// Where a client keeps its state over restarts.
public struct ClientStateFile: Sendable {
    private let file: URL

    /// Names the file; it need not exist yet.
    public init(_ file: URL) { self.file = file }

    /// The stored state, or a fresh one where there is none or it is damaged: a lost state costs a download and a
    /// residual, never the run.
    ///
    /// - Parameter onDamage: told why a stored state is not used.
    public func read(onDamage: (String) -> Void) -> ClientState {
        guard let bytes = try? Data(contentsOf: file) else { return ClientState() }
        do { return try ClientState(decoding: Array(bytes)) } catch {
            onDamage(error.description)
            return ClientState()
        }
    }

    /// Stores a state in place of the one before: the old one or the new one is there, never a part.
    public func write(_ state: ClientState) throws(NodeError) {
        do { try Data(state.encoded()).write(to: file, options: .atomic) } catch {
            throw .file(path: file.path, cause: error.localizedDescription)
        }
    }
}
