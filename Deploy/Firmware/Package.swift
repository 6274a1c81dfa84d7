// swift-tools-version: 6.2
import PackageDescription

// The runtime's sources are links to the ones that servers build: one folder for both worlds, and no dependency to
// resolve. The flags for devices are in the toolset files.
let settings: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]
let firmware: [Target.Dependency] = ["Checks", "IntegerRuntime", "Board"]

let package = Package(
    name: "Firmware",
    products: [
        .executable(name: "firmware", targets: ["Firmware"]),
        .executable(name: "firmware-wide", targets: ["WideFirmware"]),
    ],
    targets: [
        .target(name: "CIntegerDot"),
        .target(name: "IntegerRuntime", dependencies: ["CIntegerDot"], swiftSettings: settings),
        // Start-up, semihosting, timer, and the models that Deploy/Firmware/run.sh puts into Sources/Board/models.
        .target(name: "Board", exclude: ["models"]),
        .target(name: "Checks", dependencies: ["IntegerRuntime", "Board"], swiftSettings: settings),
        .executableTarget(name: "Firmware", dependencies: firmware, swiftSettings: settings),
        .executableTarget(name: "WideFirmware", dependencies: firmware, swiftSettings: settings),
    ]
)
