import Tensors

/// The last changes of the global model that a file gives for the updates of others.
public struct LastDelta: Sendable {
    /// Name of the update that is taken from a file of several, unless one has the name of the update it is for.
    public static let preferredName = "prevdelta"

    private let path: String
    private let candidates: [NamedUpdate]

    /// Reads a file like those of updates.
    ///
    /// - Throws: what `NamedUpdate.load` throws.
    public init(_ path: String) throws {
        self.path = path
        candidates = try NamedUpdate.load(path)
    }

    /// The one for an update: of the same name, else the only one, else the one of `preferredName`.
    ///
    /// - Throws: `NodeError.file` if there is none, or if its tensors have other names or shapes.
    public func values(for update: NamedUpdate) throws(NodeError) -> [Float] {
        let named = candidates.first { $0.name == update.name } ?? (candidates.count == 1 ? candidates.first : nil)
        guard let found = named ?? candidates.first(where: { $0.name == Self.preferredName }) else {
            let names = candidates.map(\.name).joined(separator: ", ")
            throw .file(
                path: path,
                cause: "no last global delta for '\(update.name)': the file holds \(names); keep one of them, or "
                    + "name it '\(update.name)' or '\(Self.preferredName)'")
        }
        guard found.layout == update.layout else {
            throw .file(
                path: path,
                cause: "the tensors of '\(found.name)' differ from those of '\(update.name)' in name, shape or order")
        }
        return found.values
    }
}
