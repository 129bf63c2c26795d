// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Every target: the Swift 6 language mode, and a warning fails the build.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]
/// Codecs and Engine also mark every unsafe use.
let safe: [SwiftSetting] = strict + [.strictMemorySafety()]

/// Each folder's README stays out of the build.
func readmes(_ folder: String) -> [String] {
    let root = URL(fileURLWithPath: Context.packageDirectory).appendingPathComponent(folder)
    let all = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    return all.filter { $0.hasSuffix(".md") }.sorted()
}

func room(
    _ name: String,
    _ dependencies: [Target.Dependency],
    without folders: [String] = [],
    settings: [SwiftSetting] = strict
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        path: "Sources/\(name)",
        exclude: readmes("Sources/\(name)").filter { readme in !folders.contains { readme.hasPrefix($0 + "/") } }
            + folders,
        swiftSettings: settings
    )
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        path: "Tests/\(name)",
        exclude: readmes("Tests/\(name)"),
        swiftSettings: strict
    )
}

/// `PARLEY_ROOMS=core` leaves the network out: the thread sanitizer's build then holds only what it is there to judge.
/// `PARLEY_ROOMS=legs` leaves the gateway out: a quick build for work on the vendors' legs.
let rooms = Context.environment["PARLEY_ROOMS"] ?? "all"
let isCoreOnly = rooms == "core"

/// The folders of `Sources/Legs` that speak to a network.
let vendorFolders = ["Anthropic", "Deepgram", "ElevenLabs", "EzyVet", "OpenAI", "Tools", "Transport", "Voice"].filter {
    FileManager.default.fileExists(atPath: Context.packageDirectory + "/Sources/Legs/" + $0)
}

func system(_ name: String, pkgConfig: String? = nil, apt: [String]) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt(apt)])
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1", "NIOWebSocket"].map {
    .product(name: $0, package: "swift-nio")
}
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")

let coreTargets: [Target] = [
    system("CSpeexDSP", pkgConfig: "speexdsp", apt: ["libspeexdsp-dev"]),
    system("COpus", pkgConfig: "opus", apt: ["libopus-dev"]),
    system("CPocketSphinx", pkgConfig: "pocketsphinx", apt: ["libpocketsphinx-dev", "pocketsphinx-en-us"]),
    system("CFlite", apt: ["flite1-dev"]),
    .target(name: "CPlatform", path: "Sources/System/CPlatform"),

    room("Codecs", ["CSpeexDSP", "COpus"], settings: safe),
    room("Engine", ["Codecs", "CPlatform", "CSpeexDSP"], settings: safe),
    room("Actors", ["Codecs", "Engine", logging]),
    room(
        "Legs",
        ["Actors", "Engine", "Codecs", "CPocketSphinx", "CFlite", logging]
            + (isCoreOnly ? [] : [httpClient, nioSSL] + nio),
        without: isCoreOnly ? vendorFolders : []
    ),

    .target(name: "CAllocations", path: "Tests/Support/CAllocations"),
    .target(
        name: "TestSupport",
        dependencies: ["Codecs", "Engine", "Actors"],
        path: "Tests/Support/TestSupport",
        swiftSettings: strict
    ),
    .target(
        name: "AudioQuality",
        dependencies: ["Codecs", "Engine", "TestSupport"],
        path: "Tests/Support/AudioQuality",
        swiftSettings: strict
    ),
    .executableTarget(
        name: "Quality",
        dependencies: ["AudioQuality", argumentParser],
        path: "Benchmarks/Quality",
        swiftSettings: strict
    ),
    tests("CodecsTests", ["Codecs"]),
    tests("EngineTests", ["Engine", "Codecs", "CAllocations", "TestSupport", "AudioQuality"]),
    tests("ActorsTests", ["Actors", "Engine", "Codecs", "TestSupport"]),
]

let vendorTargets: [Target] = [
    // Vendors' legs against servers that speak their wire protocols.
    .target(
        name: "VendorServers",
        dependencies: ["Codecs", "Engine", logging] + nio,
        path: "Tests/Support/VendorServers",
        exclude: readmes("Tests/Support/VendorServers"),
        swiftSettings: strict
    ),
    tests(
        "VendorTests",
        ["Legs", "VendorServers", "Actors", "Engine", "Codecs", "TestSupport", httpClient, nioSSL] + nio
    ),
]

let networkTargets: [Target] = [
    system("COpenSSL", pkgConfig: "libcrypto", apt: ["libssl-dev"]),
    room(
        "Gateway",
        [
            "Actors", "Engine", "Codecs", "COpenSSL", "CPlatform", logging, lifecycle, signals,
            .product(name: "Configuration", package: "swift-configuration"),
            .product(name: "HTTPTypes", package: "swift-http-types"),
            httpClient,
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "HummingbirdCore", package: "hummingbird"),
            .product(name: "HummingbirdTLS", package: "hummingbird"),
            .product(name: "JWTKit", package: "jwt-kit"),
            .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            nioSSL,
            .product(name: "SystemPackage", package: "swift-system"),
            yams,
        ] + nio
    ),
    room("Caller", ["Codecs", "COpenSSL", "CPlatform", httpClient, yams] + nio),
    .executableTarget(
        name: "Parley",
        dependencies: [
            "Gateway", "Legs", "Actors", "Engine", "Codecs", "Caller", logging, lifecycle, signals,
            argumentParser,
        ] + nio,
        path: "Sources/Parley",
        swiftSettings: strict
    ),
    .executableTarget(
        name: "VendorBench",
        dependencies: ["VendorServers", "Caller", "Engine", "Codecs", argumentParser, httpClient] + nio,
        path: "Benchmarks/Vendors",
        exclude: readmes("Benchmarks/Vendors"),
        swiftSettings: strict
    ),
    tests("LegsTests", ["Legs", "Gateway", "Actors", "Codecs", "TestSupport"]),
    tests(
        "GatewayTests",
        [
            "Gateway", "CAllocations", "Actors", "Engine", "Codecs", "TestSupport", httpClient, lifecycle, logging,
            .product(name: "NIOEmbedded", package: "swift-nio"),
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "Hummingbird", package: "hummingbird"),
            nioSSL,
        ] + nio
    ),
    tests("CallerTests", ["Caller", "Codecs", "TestSupport"] + nio),
    tests(
        "EndToEndTests",
        [
            "Gateway", "Legs", "Caller", "Actors", "Engine", "Codecs", "TestSupport", "VendorServers", httpClient,
            lifecycle,
        ] + nio
    ),
]

let coreDependencies: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
]

let networkDependencies: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
]

let package = Package(
    name: "parley",
    products: [
        .library(name: "ParleyCore", targets: ["Codecs", "Engine", "Actors", "Legs"])
    ]
        + (isCoreOnly || rooms == "legs"
            ? []
            : [
                .executable(name: "parley", targets: ["Parley"]),
                .library(name: "ParleyNetwork", targets: ["Gateway", "Caller"]),
            ]),
    dependencies: isCoreOnly ? coreDependencies : coreDependencies + networkDependencies,
    targets: coreTargets + (isCoreOnly ? [] : vendorTargets) + (isCoreOnly || rooms == "legs" ? [] : networkTargets)
)
