// swift-tools-version: 6.2
import PackageDescription

// Run through `make fuzz` and, for a few seconds a parser, through `make test`. A package of its own, because coverage and
// address checks need unsafe flags. The parsers are the engine's own files (links in Sources/), so nothing that needs a network
// library is built, and what is fuzzed is what runs.

let fuzzed: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"]),
]

let package = Package(
    name: "parley-fuzz",
    targets: [
        .systemLibrary(name: "COpenSSL", path: "Sources/COpenSSL", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CSpeexDSP", path: "Sources/CSpeexDSP", pkgConfig: "speexdsp"),
        .systemLibrary(name: "COpus", path: "Sources/COpus", pkgConfig: "opus"),
        .target(
            name: "Codecs",
            dependencies: ["CSpeexDSP", "COpus"],
            path: "Sources/Codecs",
            exclude: ["README.md", "Ogg/README.md"],
            swiftSettings: fuzzed
        ),
        .target(
            name: "Parsers",
            dependencies: ["Codecs", "COpenSSL"],
            path: "Sources/Parsers",
            swiftSettings: fuzzed
        ),
        // Only what the vendors' decoders need of these two: values, no network.
        .target(name: "Actors", path: "Sources/Actors", swiftSettings: fuzzed),
        .target(
            name: "Vendors",
            dependencies: ["Actors", "Codecs"],
            path: "Sources/Vendors",
            swiftSettings: fuzzed
        ),
        .target(
            name: "FuzzTargets",
            dependencies: ["Parsers", "Vendors", "Actors", "Codecs"],
            path: "Sources/FuzzTargets",
            swiftSettings: fuzzed
        ),
        // In C, with nothing in it: libFuzzer brings its own `main`, which a Swift executable would rename.
        .executableTarget(
            name: "Fuzz",
            dependencies: ["FuzzTargets"],
            path: "Sources/Fuzz",
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]
        ),
    ]
)
