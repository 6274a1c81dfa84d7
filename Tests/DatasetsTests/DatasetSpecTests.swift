import Datasets
import Foundation
import Tensors
import Testing

struct DatasetSpecTests {
    private static func decode(_ json: String) throws -> DatasetSpec {
        try JSONDecoder().decode(DatasetSpec.self, from: Data(json.utf8))
    }

    private static let files = FileDatasetSpec(
        kind: .csv, trainInputs: "a.csv", trainLabels: "label", trainClients: "2", testInputs: "b.csv",
        testLabels: "-1",
        inputScale: 0.5)

    @Test func readsNamesAndMappings() throws {
        for name in ["mnist", "fashion-mnist", "uci-har", "shakespeare"] {
            #expect(try Self.decode("\"\(name)\"") == .named(name))
        }
        #expect(try Self.decode("\"gestures\"") == .gestures(GestureSettings()))
        var settings = GestureSettings()
        settings.noise = 2
        #expect(try Self.decode("{\"kind\": \"gestures\", \"noise\": 2}") == .gestures(settings))
        let json = """
            {"kind": "csv", "train_inputs": "a.csv", "train_labels": "label", "train_clients": 2, "test_inputs": "b.csv",
             "test_labels": -1, "input_scale": 0.5}
            """
        #expect(try Self.decode(json) == .files(Self.files))
    }

    @Test func writesWhatItReads() throws {
        var settings = GestureSettings()
        settings.testClients = 4
        let specs: [DatasetSpec] = [.named("mnist"), .gestures(.init()), .gestures(settings), .files(Self.files)]
        for spec in specs {
            let json = try JSONEncoder().encode(spec)
            #expect(try JSONDecoder().decode(DatasetSpec.self, from: json) == spec)
        }
    }

    @Test(arguments: [
        ("\"cifar\"", "no data set 'cifar': choose gestures, mnist, fashion-mnist, uci-har, shakespeare"),
        ("{\"kind\": \"idx\", \"train_input\": \"x\"}", "unknown key 'train_input'"),
        ("{\"kind\": \"gestures\", \"train_inputs\": \"x\"}", "unknown key 'train_inputs'"),
    ])
    func saysWhatItDoesNotKnow(json: String, message: String) {
        let error = #expect(throws: DecodingError.self) { try Self.decode(json) }
        guard case .dataCorrupted(let context) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(context.debugDescription.contains(message), "\(context.debugDescription)")
    }

    @Test(arguments: ["{}", "{\"kind\": \"hdf5\"}", "{\"kind\": \"idx\"}", "3", "null"])
    func refusesOtherForms(json: String) {
        #expect(throws: DecodingError.self) { try Self.decode(json) }
    }

    @Test(arguments: [DatasetSpec.named("mnist"), .files(Self.files)])
    func asksForTheDataFolder(spec: DatasetSpec) {
        let error = #expect(throws: DatasetError.self) { try spec.load(dataRoot: nil, clients: 1, seed: Seed(1)) }
        #expect(error?.description.contains("name it with --data or SWIFTLET_DATA") == true)
    }

    @Test func unknownNamesAreErrorsOfLoadingToo() {
        #expect(throws: DatasetError.unknownDataset("nothing")) {
            try DatasetSpec.named("nothing").load(dataRoot: nil, clients: 1, seed: Seed(1))
        }
    }

    @Test(arguments: [
        FileDatasetSpec(kind: .idx, trainInputs: "", trainLabels: "", testInputs: "", testLabels: "", inputScale: 0),
        FileDatasetSpec(kind: .idx, trainInputs: "", trainLabels: "", testInputs: "", testLabels: "", inputShift: .nan),
        FileDatasetSpec(kind: .idx, trainInputs: "", trainLabels: "", testInputs: "", testLabels: "", inputShape: []),
        FileDatasetSpec(kind: .idx, trainInputs: "", trainLabels: "", testInputs: "", testLabels: "", inputShape: [0]),
    ])
    func refusesSettingsOutOfRange(files: FileDatasetSpec) {
        #expect(throws: DatasetError.self) {
            try DatasetSpec.files(files).load(dataRoot: nil, clients: 1, seed: Seed(1))
        }
    }

    @Test func subsetsKeepSamplesTogether() {
        let data = Dataset(
            inputShape: [2], inputs: [0, 1, 2, 3, 4, 5], labels: [0, 1, 2], classCount: 3, clientIDs: [7, 8, 9])
        let subset = data.subset([2, 0, 2])
        #expect(subset.inputs == [4, 5, 0, 1, 4, 5])
        #expect(subset.labels == [2, 0, 2])
        #expect(subset.clientIDs == [9, 7, 9])
        #expect(subset.classHistogram() == [1, 0, 2])
        #expect(data.subset([]).sampleCount == 0)
    }
}
