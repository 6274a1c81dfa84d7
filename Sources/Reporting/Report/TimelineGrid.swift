import Foundation

/// What every client did in every round, in a bounded number of rows and columns: of many clients or rounds, some share
/// a row or a column, and the worst that happened in it counts.
struct TimelineGrid {
    /// From what a figure may pass over to what it must show.
    enum Mark: Int, CaseIterable {
        case idle, accepted, slow, declined, rejected, late

        var style: String {
            switch self {
            case .idle: "wash"
            case .accepted: "ok"
            case .slow: "slow"
            case .declined: "declined"
            case .rejected: "bad"
            case .late: "late"
            }
        }

        var name: String {
            switch self {
            case .idle: "not asked"
            case .accepted: "took part"
            case .slow: "took part, over twice the median time"
            case .declined: "declined"
            case .rejected: "refused"
            case .late: "no answer in time"
            }
        }
    }

    /// A round, or several.
    struct Column {
        /// Of the client that took longest, in seconds.
        var slowest = 0.0
        /// Of the client in the middle, in seconds; the longest of several rounds.
        var median = 0.0
    }

    static let maximumColumns = 100
    static let maximumRows = 100

    let rounds: Int
    let clients: Int
    private(set) var columns: [Column]
    /// By row, then by column.
    private(set) var marks: [[Mark]]
    private(set) var counts: [Mark: Int] = [:]
    /// Whether times are those on the links of the scenario.
    private(set) var isOnLinks = false

    init(rounds: Int, clients: Int) {
        self.rounds = rounds
        self.clients = clients
        columns = Array(repeating: Column(), count: min(rounds, Self.maximumColumns))
        marks = Array(
            repeating: Array(repeating: .idle, count: columns.count), count: min(clients, Self.maximumRows))
    }

    /// Reads the `clients.csv` of an arm; nil when there is none, or nothing in it.
    init?(_ file: URL, rounds: Int, clients: Int) {
        guard rounds > 0, clients > 0, FileManager.default.fileExists(atPath: file.path) else { return nil }
        self.init(rounds: rounds, clients: clients)
        var round: [ClientsCSV.Row] = []
        ClientsCSV.read(file) { row in
            if let last = round.last, last.round != row.round {
                add(round)
                round.removeAll(keepingCapacity: true)
            }
            if row.round <= rounds, row.client < clients { round.append(row) }
        }
        add(round)
        guard !counts.isEmpty else { return nil }
    }

    /// The clients of a row, for its label.
    func clients(ofRow row: Int) -> Range<Int> {
        let count = marks.count
        return row * clients / count..<(row + 1) * clients / count
    }

    /// Adds the clients of one round; a client that was asked in several attempts counts with the last.
    mutating func add(_ rows: [ClientsCSV.Row]) {
        guard let number = rows.first?.round else { return }
        isOnLinks = isOnLinks || rows.contains { $0.linkSeconds != nil }
        let times = rows.filter { $0.outcome == .accepted }.compactMap { $0.linkSeconds ?? $0.seconds }.sorted()
        let median = times.isEmpty ? 0 : times[times.count / 2]
        let column = (number - 1) * columns.count / rounds
        columns[column].slowest = max(columns[column].slowest, times.last ?? 0)
        columns[column].median = max(columns[column].median, median)
        var latest: [Int: ClientsCSV.Row] = [:]
        for row in rows { latest[row.client] = row }
        for row in latest.values {
            let mark = mark(row, median: median)
            counts[mark, default: 0] += 1
            let index = row.client * marks.count / clients
            if mark.rawValue > marks[index][column].rawValue { marks[index][column] = mark }
        }
    }

    private func mark(_ row: ClientsCSV.Row, median: Double) -> Mark {
        switch row.outcome {
        case .accepted: (row.linkSeconds ?? row.seconds ?? 0) > 2 * median ? .slow : .accepted
        case .late: .late
        case .rejected: .rejected
        case .declined: .declined
        }
    }
}
