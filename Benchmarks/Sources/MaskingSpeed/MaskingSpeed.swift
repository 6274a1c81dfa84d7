import Encryption
import Foundation
import Privacy

/// How fast masks are laid on and taken off. Prints one line per operation:
///
///     mask/1048576x15    masking against the bare key stream that it consumes, in the same run
///     unmask/100x1048576 a coordinator's unmasking with 100 clients of which 10 vanished after dealing
///
/// Everything runs on one thread; times are processor times.
@main
enum MaskingSpeed {
    static func main() throws {
        try laying()
        try unmasking(magnitude: 7)
        try unmasking(magnitude: 127)
    }

    private static func laying() throws {
        let count = 1 << 20
        for (bits, magnitude) in [(5, 1), (8, 7), (11, 7), (15, 127)] {
            let values = (0..<count).map { Int32($0 % (2 * magnitude + 1) - magnitude) }
            let keys = (0..<100).map { _ in SecretBytes.random(byteCount: 32) }
            let byteCount = MaskedVector.byteCount(count: count, bits: bits)
            var best = (bare: Double.infinity, masked: Double.infinity)
            var buffer = [UInt8](repeating: 0, count: byteCount)
            for _ in 0..<5 {
                best.bare = min(
                    best.bare,
                    seconds {
                        for key in keys {
                            buffer.withUnsafeMutableBytes { KeyStream(key: key).write(to: $0, fromBlock: 0) }
                        }
                    })
                best.masked = min(
                    best.masked,
                    seconds {
                        var vector = MaskedVector(values, bits: bits)
                        vector.apply(keys.enumerated().map { Mask(key: $1, isSubtracted: $0 % 2 == 1) })
                    })
            }
            let gigabytes = Double(byteCount * keys.count) / 1e9
            print(
                "mask/\(count)x\(bits): stream \(rounded(gigabytes / best.bare)) GB/s, "
                    + "masking \(rounded(gigabytes / best.masked)) GB/s, ratio \(rounded(best.bare / best.masked))")
        }
    }

    private static func unmasking(magnitude: Int) throws {
        let count = 1_000_000
        let context = MaskingContext(
            federation: [UInt8](repeating: 1, count: 16), round: 1, attempt: [UInt8](repeating: 1, count: 16),
            modelHash: [UInt8](repeating: 1, count: 32), parameterHash: [UInt8](repeating: 1, count: 32),
            rosterHash: [UInt8](repeating: 1, count: 32))
        let own = SigningKeyPair.generate()
        var coordinator = MaskingCoordinator(context: context, identity: own)
        var clients: [MaskingClient] = []
        for number in 0..<100 {
            let identity = SigningKeyPair.generate()
            let client = try MaskingClient(number: number, context: context, identity: identity) {
                SecretBytes.random(byteCount: $0).exposed()
            }
            try coordinator.receive(client.advert, identity: identity.publicKey)
            clients.append(client)
        }
        try coordinator.begin { MaskingRules(choice: .choice(clients: $0), magnitude: magnitude, count: count) }
        for number in clients.indices {
            guard let roster = coordinator.roster(for: number) else { continue }
            try coordinator.receive(deal: clients[number].deal(roster), from: number)
        }
        try coordinator.handOn()
        let values = [Int32](repeating: 1, count: count)
        for number in 0..<90 {
            guard let delivery = coordinator.delivery(for: number) else { continue }
            try clients[number].receive(delivery: delivery)
            try coordinator.add(upload: clients[number].mask(values).bytes, from: number)
        }
        let request = try coordinator.closeUploads()
        for number in 0..<90 {
            try coordinator.receive(
                reveal: clients[number].reveal(request, coordinator: own.publicKey), from: number)
        }
        var isExact = false
        let time = seconds { isExact = (try? coordinator.unmask().sum.allSatisfy { $0 == 90 }) ?? false }
        print("unmask/100x\(count), \(coordinator.session?.bits ?? 0) bits: \(rounded(time)) s, exact: \(isExact)")
    }

    /// Processor time of this thread's work, which other work on the machine disturbs less than the wall clock.
    private static func seconds(_ body: () -> Void) -> Double {
        let started = clock()
        body()
        return Double(clock() - started) / Double(CLOCKS_PER_SEC)
    }

    private static func rounded(_ value: Double) -> String { String(Double(Int(value * 1000)) / 1000) }
}
