/// How long an exchange of messages takes over a link: the expected time of an idle TCP connection.
///
/// Each leg waits for the one before it. A leg costs the latency, the time that its packets with their headers take at
/// the rate of the link, a round trip for every window of slow start that does not fill the link (RFC 5681, section
/// 3.1, from the initial window of RFC 6928), and what lost packets cost: they are sent again, fast retransmission
/// waits a round trip for every window with a loss, the last packet waits for the timer (RFC 6298), and the rate stays
/// below that of Mathis et al. 1997 (doi:10.1145/263932.264023), `1.22 · MSS / (RTT · √p)`.
public struct LinkModel: Hashable, Sendable {
    /// Payload of a full packet over Ethernet, with TCP time stamps.
    public static let segmentByteCount = 1448
    /// Ethernet, IPv4 and TCP headers of a packet, with TCP time stamps.
    public static let headerByteCount = 66
    /// Packets that a connection sends before the first acknowledgement (RFC 6928).
    public static let initialWindow = 10
    /// The shortest time after which the last packet of a leg is sent again, in seconds (Linux; RFC 6298 asks for 1 s).
    public static let shortestTimeout = 0.2

    /// The link.
    public let link: Link

    /// Takes a link.
    public init(_ link: Link) { self.link = link }

    /// Expected time of the legs one after the other, in seconds; training in between is not in it.
    public func seconds(_ legs: [WireLeg]) -> Double { legs.reduce(0) { $0 + seconds($1) } }

    /// Expected time from the first byte sent to the last byte received, in seconds.
    public func seconds(_ leg: WireLeg) -> Double {
        guard leg.byteCount > 0 else { return 0 }
        let packets = (leg.byteCount + Self.segmentByteCount - 1) / Self.segmentByteCount
        let bits = 8 * Double(leg.byteCount + packets * Self.headerByteCount)
        let rate = rate(isUp: leg.isUp)
        // Each packet travels 1 / (1 − p) times on the average.
        let perPacket = bits / Double(packets) / rate / (1 - link.loss)
        let tail = link.loss * max(Self.shortestTimeout, 2 * roundTrip)
        return roundTrip / 2 + windows(packets, secondsPerPacket: perPacket) + tail
    }

    /// Both ways, in seconds.
    private var roundTrip: Double { 2 * link.latencyMilliseconds / 1000 }

    /// Bits per second of a long transfer.
    private func rate(isUp: Bool) -> Double {
        let rate = 1000 * (isUp ? link.upKilobitsPerSecond : link.downKilobitsPerSecond)
        guard link.loss > 0, roundTrip > 0 else { return rate }
        return min(rate, 1.22 * Double(8 * Self.segmentByteCount) / (roundTrip * link.loss.squareRoot()))
    }

    /// Time until the last packet has left, in seconds: windows that double until they fill the link.
    private func windows(_ packets: Int, secondsPerPacket: Double) -> Double {
        var seconds = 0.0
        var left = packets
        var window = Self.initialWindow
        while left > window {
            let sending = Double(window) * secondsPerPacket
            let recovery = chanceOfLoss(window) * roundTrip
            // A window that takes longer than a round trip is acknowledged while it is sent: the link is full.
            guard sending < roundTrip else { break }
            seconds += roundTrip + recovery
            left -= window
            window *= 2
        }
        let flights = max(1, (Double(left) * secondsPerPacket / max(roundTrip, secondsPerPacket)).rounded(.up))
        let perFlight = Int((Double(left) / flights).rounded(.up))
        return seconds + Double(left) * secondsPerPacket + flights * chanceOfLoss(perFlight) * roundTrip
    }

    /// That one of so many packets is lost at least.
    private func chanceOfLoss(_ packets: Int) -> Double {
        var kept = 1.0
        for _ in 0..<min(packets, 10_000) { kept *= 1 - link.loss }
        return 1 - kept
    }
}
