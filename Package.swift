// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

func library(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func executable(_ name: String, path: String, exclude: [String] = [], _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "Swiftlet",
    products: [
        .executable(name: "swiftlet-coordinator", targets: ["swiftlet-coordinator"]),
        .executable(name: "swiftlet-client", targets: ["swiftlet-client"]),
        .executable(name: "swiftlet-simulate", targets: ["swiftlet-simulate"]),
        .library(name: "Training", targets: ["Tensors", "Training", "Datasets"]),
        .library(name: "UpdateCodec", targets: ["Tensors", "Quantization", "UpdateCodec"]),
        .library(name: "Privacy", targets: ["Encryption", "Privacy"]),
        .library(name: "ModelFormats", targets: ["ModelFormats"]),
        .library(name: "IntegerRuntime", targets: ["IntegerRuntime"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // C libraries: a module map and a shim.h, nothing else.
        .systemLibrary(name: "CZeroMQ"),
        .systemLibrary(name: "CSodium"),
        .systemLibrary(name: "COpenBLAS"),
        .systemLibrary(name: "CZlib"),

        // Numerics and data.
        library("Tensors", ["COpenBLAS"]),
        library("Quantization", ["Tensors"]),
        library("Training", ["Tensors", "Quantization"]),
        library("Datasets", ["Tensors", "CZlib"]),
        library("UpdateCodec", ["Tensors", "Quantization"]),
        library("ModelFormats", ["Tensors", "Quantization", "Training", "IntegerRuntime", "Encryption"]),

        // Integer inference; both also compile for devices without an operating system.
        .target(name: "CIntegerDot"),
        library("IntegerRuntime", ["CIntegerDot"]),

        // Protocol and privacy.
        library("Messages", [protobuf], exclude: ["swiftlet.proto"]),
        library("Encryption", ["CSodium"]),
        library("Privacy", ["Tensors", "Encryption"]),
        library("Federation", ["Tensors", "Quantization", "UpdateCodec", "Privacy", "Encryption", "Messages"]),

        // Edges.
        library("Transport", ["CZeroMQ", "Messages"]),
        library("Persistence", ["Federation", "Messages", "Reporting", grdb]),
        library("Reporting", ["Messages"]),
        library(
            "Configuration", ["Training", "Datasets", "Federation", "Messages", "Privacy", "UpdateCodec", yams],
            resources: [.embedInCode("Profiles/devices.yaml"), .embedInCode("Profiles/radios.yaml")]),
        library(
            "Nodes",
            [
                "Tensors", "Quantization", "Training", "Datasets", "UpdateCodec", "ModelFormats", "Messages",
                "Encryption", "Federation", "Privacy", "Transport", "Persistence", "Reporting", "Configuration",
                "IntegerRuntime", logging, lifecycle, unixSignals,
            ]),
        library("TestSupport", ["Tensors", "Messages"]),

        executable(
            "swiftlet-coordinator", path: "Coordinator",
            [
                "Nodes", "Configuration", "Encryption", "Persistence", "Reporting", "Federation", "Messages",
                argumentParser,
            ]),
        executable(
            "swiftlet-client", path: "Client",
            [
                "Nodes", "Configuration", "Datasets", "Encryption", "Federation", "IntegerRuntime", "Messages",
                "ModelFormats", argumentParser,
            ]),
        executable(
            "swiftlet-simulate", path: "Simulations", exclude: ["scenarios"],
            [
                "Nodes", "Configuration", "Federation", "Reporting", "Privacy", "UpdateCodec", argumentParser, logging,
            ]),

        // Makes models and our results on them for Tests/Exactness/compare.py.
        executable(
            "swiftlet-exactness", path: "Tests/Exactness", exclude: ["compare.py", "peers.sh", "run.sh"],
            ["Datasets", "IntegerRuntime", "ModelFormats", "Quantization", "Tensors", "Training", argumentParser]),

        tests("TensorsTests", ["Tensors"]),
        tests("QuantizationTests", ["Quantization", "Tensors"]),
        tests("TrainingTests", ["Training", "Quantization", "Tensors"]),
        tests("DatasetsTests", ["Datasets", "Tensors"]),
        tests("UpdateCodecTests", ["UpdateCodec", "Quantization", "Tensors"]),
        tests(
            "ModelFormatsTests",
            ["ModelFormats", "Encryption", "IntegerRuntime", "Quantization", "Tensors", "Training"]),
        tests("IntegerRuntimeTests", ["IntegerRuntime"]),
        tests("MessagesTests", ["Messages", "TestSupport"]),
        tests("EncryptionTests", ["Encryption"]),
        tests("PrivacyTests", ["Privacy", "Tensors", "Encryption"]),
        tests(
            "FederationTests",
            [
                "Federation", "Encryption", "UpdateCodec", "Quantization", "Tensors", "Messages", "Privacy",
                "TestSupport",
            ]),
        tests("TransportTests", ["Transport", "Messages", "TestSupport"]),
        tests(
            "PersistenceTests",
            ["Persistence", "Encryption", "Federation", "Messages", "Privacy", "Reporting", "Tensors"]),
        tests("ReportingTests", ["Reporting", "Messages"]),
        tests(
            "ConfigurationTests",
            ["Configuration", "Training", "Datasets", "Federation", "Messages", "Privacy", "Tensors"]),
        tests(
            "NodesTests",
            [
                "Nodes", "Configuration", "Reporting", "Persistence", "Federation", "Messages", "Encryption",
                "ModelFormats", "Quantization", "Tensors", "Training", "UpdateCodec", "TestSupport",
            ]),
    ]
)
