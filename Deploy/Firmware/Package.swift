// swift-tools-version: 6.2
import PackageDescription

// The runtime's sources are links to the ones that servers build: one folder for both worlds, and no dependency to
// resolve. The flags for devices are in the toolset files.
let settings: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]

let package = Package(
    name: "Firmware",
    products: [.executable(name: "firmware", targets: ["Firmware"])],
    targets: [
        .target(name: "CIntegerDot"),
        .target(name: "IntegerRuntime", dependencies: ["CIntegerDot"], swiftSettings: settings),
        // Start-up, semihosting, timer, and the models that Deploy/Firmware/run.sh puts into Sources/Board/models.
        .target(name: "Board", exclude: ["models"]),
        .executableTarget(name: "Firmware", dependencies: ["IntegerRuntime", "Board"], swiftSettings: settings),
    ]
)
