// swift-tools-version: 6.2
import PackageDescription

/// Every target: the Swift 6 language mode, and a warning fails the build.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]
/// Codecs and Engine also mark every unsafe use.
let safe: [SwiftSetting] = strict + [.strictMemorySafety()]

func system(_ name: String, pkgConfig: String? = nil, apt: [String]) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt(apt)])
}

let package = Package(
    name: "parley",
    products: [
        .executable(name: "parley", targets: ["Parley"]),
        .library(name: "ParleyCore", targets: ["Codecs", "Engine", "Actors", "Legs", "Gateway", "Caller"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        system("CSpeexDSP", pkgConfig: "speexdsp", apt: ["libspeexdsp-dev"]),
        system("COpus", pkgConfig: "opus", apt: ["libopus-dev"]),
        system("COpenSSL", pkgConfig: "libcrypto", apt: ["libssl-dev"]),
        system("CPocketSphinx", pkgConfig: "pocketsphinx", apt: ["libpocketsphinx-dev", "pocketsphinx-en-us"]),
        system("CFlite", apt: ["flite1-dev"]),
        .target(name: "CPlatform", path: "Sources/System/CPlatform"),

        .target(name: "Codecs", dependencies: ["CSpeexDSP", "COpus"], swiftSettings: safe),
        .target(name: "Engine", dependencies: ["Codecs", "CPlatform", "CSpeexDSP"], swiftSettings: safe),
        .target(
            name: "Actors",
            dependencies: [
                "Codecs", "Engine",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Legs",
            dependencies: [
                "Actors", "Engine", "Codecs", "CPocketSphinx", "CFlite",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Gateway",
            dependencies: [
                "Actors", "Engine", "Codecs", "COpenSSL",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Caller",
            dependencies: [
                "Codecs", "COpenSSL",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "Parley",
            dependencies: [
                "Gateway", "Legs", "Actors", "Engine", "Codecs", "Caller",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),

        .target(name: "CAllocations", path: "Tests/Support/CAllocations"),
        .target(
            name: "TestSupport", dependencies: ["Codecs", "Engine", "Actors"], path: "Tests/Support/TestSupport",
            swiftSettings: strict),
        .testTarget(name: "CodecsTests", dependencies: ["Codecs"], swiftSettings: strict),
        .testTarget(name: "EngineTests", dependencies: ["Engine", "Codecs", "CAllocations", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "ActorsTests", dependencies: ["Actors", "Engine", "Codecs", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "LegsTests", dependencies: ["Legs", "Actors", "Codecs", "CPocketSphinx", "CFlite", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Gateway", "Actors", "Engine", "Codecs", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ], swiftSettings: strict),
        .testTarget(
            name: "CallerTests", dependencies: ["Caller", "Codecs", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["Gateway", "Legs", "Caller", "Actors", "Engine", "Codecs", "TestSupport"],
            swiftSettings: strict),
    ]
)
