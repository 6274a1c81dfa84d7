/// What one codec did with one update of a file. Encodes to an element of the list of `codec --json`.
public struct CodecRow: Hashable, Codable, Sendable {
    /// The file as it was named.
    public let file: String
    /// Name of the update in the file.
    public let update: String
    /// The codec as it was asked for.
    public let pipeline: String
    /// Number of parameters of the update.
    public let parameters: Int
    /// Encoded size, header included.
    public let bytes: Int
    /// Encoded bits per parameter.
    public let bitsPerParameter: Double
    /// ‖x − x̂‖² / ‖x‖² of what was decoded; nil where x is zero and x̂ is not.
    @ExplicitNull public var nmse: Double?
    /// Millions of bytes of float32 encoded per second.
    public let encodeMegabytesPerSecond: Double
    /// Millions of bytes of float32 decoded per second.
    public let decodeMegabytesPerSecond: Double

    private enum CodingKeys: String, CodingKey {
        case file, update, pipeline, parameters, bytes, nmse
        case bitsPerParameter = "bits_per_parameter"
        case encodeMegabytesPerSecond = "encode_mbps"
        case decodeMegabytesPerSecond = "decode_mbps"
    }

    /// Collects the figures.
    public init(
        file: String, update: String, pipeline: String, parameters: Int, bytes: Int, bitsPerParameter: Double,
        nmse: Double?, encodeMegabytesPerSecond: Double, decodeMegabytesPerSecond: Double
    ) {
        self.file = file
        self.update = update
        self.pipeline = pipeline
        self.parameters = parameters
        self.bytes = bytes
        self.bitsPerParameter = bitsPerParameter
        self.nmse = nmse
        self.encodeMegabytesPerSecond = encodeMegabytesPerSecond
        self.decodeMegabytesPerSecond = decodeMegabytesPerSecond
    }
}
