import Messages

extension RouterLoop {
    /// Looks at all connections: who is silent, who floods, and what heartbeats have cost.
    func tick(_ now: ContinuousClock.Instant) {
        for connection in connections.values {
            reportHeartbeats(connection, now)
            if let (received, unread) = connection.byteCounts() {
                // The two counts are taken one after the other; bytes that came in between are in the second alone.
                let read = received - min(unread, received)
                if isSilent(connection, received, now) || floods(connection, read, now) {
                    release(connection)
                }
            }
        }
    }

    /// Heartbeats go on at a steady rate whatever else is sent, so that time tells their number.
    func reportHeartbeats(_ connection: RouterConnection, _ now: ContinuousClock.Instant) {
        guard let peer = connection.bound?.peer else { return }
        let count = Int((now - connection.acceptedAt) / settings.heartbeatInterval)
        guard count > connection.heartbeatCount else { return }
        events.deliver(.overhead(peer, ConnectionCost.heartbeat.times(count - connection.heartbeatCount)))
        connection.heartbeatCount = count
    }

    /// Less than one heartbeat has arrived within the timeout: stopped, cut off, or trickling single bytes.
    private func isSilent(_ connection: RouterConnection, _ received: UInt64, _ now: ContinuousClock.Instant) -> Bool {
        if received >= connection.alive.byteCount + UInt64(ConnectionCost.heartbeat.upByteCount) || events.isStalled {
            connection.alive = (now, received)
        }
        return now - connection.alive.at > settings.heartbeatTimeout
    }

    /// More has been read from the connection than messages account for: a message that never ends.
    ///
    /// libzmq keeps all frames of an unfinished message and caps neither their number nor their sum.
    private func floods(_ connection: RouterConnection, _ read: UInt64, _ now: ContinuousClock.Instant) -> Bool {
        let waiting = (settings.peerMessageCount + 2) * settings.messageCost
        let overhead = 1024 * (now - connection.acceptedAt).components.seconds
        return read > connection.receivedCost + UInt64(waiting) + UInt64(overhead) + 65_536
    }
}
