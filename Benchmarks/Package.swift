// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "Swiftlet", path: "..")],
    targets: [
        .executableTarget(
            name: "TrainingSpeed", dependencies: [.product(name: "Training", package: "Swiftlet")],
            swiftSettings: settings),
        .executableTarget(
            name: "ModelCompaction",
            dependencies: ["Training", "UpdateCodec", "ModelFormats", "IntegerRuntime"].map {
                .product(name: $0, package: "Swiftlet")
            }, swiftSettings: settings),
    ]
)
