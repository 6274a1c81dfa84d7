// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because libFuzzer brings its own main function and wants every target instrumented.
let package = Package(
    name: "Fuzzing",
    dependencies: [.package(name: "Swiftlet", path: "../..")],
    targets: [
        .executableTarget(
            name: "FuzzDecoders",
            dependencies: [
                .product(name: "UpdateCodec", package: "Swiftlet"),
                .product(name: "ModelFormats", package: "Swiftlet"),
                .product(name: "IntegerRuntime", package: "Swiftlet"),
                .product(name: "Training", package: "Swiftlet"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .unsafeFlags(["-parse-as-library"]),
            ])
    ]
)
