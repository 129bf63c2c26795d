// swift-tools-version: 6.2
import PackageDescription

// Run through `make bench`: it sets PARLEY_ROOMS=core, which leaves the server's libraries out of this build. The
// provider framing is compiled from the engine's own files (see FramingCases/README.md), so nothing else of Gateway is
// needed. docs/decisions/0006-benchmarks.md says why.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]
let core = Target.Dependency.product(name: "ParleyCore", package: "Parley")

/// One suite of the benchmark package: counts allocations against `Thresholds`.
func suite(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies + ["Cases", .product(name: "Benchmark", package: "benchmark")],
        path: "Benchmarks/\(name)",
        swiftSettings: strict,
        plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
}

let package = Package(
    name: "parley-benchmarks",
    dependencies: [
        .package(name: "Parley", path: ".."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .target(name: "CAllocations", path: "Benchmarks/CAllocations"),
        .target(
            name: "CFloor",
            path: "Benchmarks/CFloor",
            exclude: ["README.md"],
            linkerSettings: [.linkedLibrary("speexdsp"), .linkedLibrary("opus"), .linkedLibrary("crypto"), .linkedLibrary("m")]
        ),
        .target(
            name: "Cases",
            dependencies: [core, "CFloor"],
            path: "Benchmarks/Cases",
            exclude: ["README.md"],
            swiftSettings: strict
        ),
        .target(
            name: "FramingCases",
            dependencies: [core, "CFloor", "Cases", .product(name: "NIOCore", package: "swift-nio")],
            path: "Benchmarks/FramingCases",
            exclude: ["README.md"],
            swiftSettings: strict
        ),
        .systemLibrary(name: "COpenSSL", path: "Benchmarks/COpenSSL", pkgConfig: "libcrypto"),
        .target(
            name: "WebhookCases",
            dependencies: ["CFloor", "Cases", "COpenSSL"],
            path: "Benchmarks/WebhookCases",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "Comparison",
            dependencies: [core, "Cases", "FramingCases", "WebhookCases", "CFloor", "CAllocations"],
            path: "Benchmarks/Comparison",
            exclude: ["README.md"],
            swiftSettings: strict
        ),
        suite("CodecsBenchmarks", []),
        suite("EngineBenchmarks", []),
        suite("GatewayBenchmarks", ["FramingCases"]),
    ]
)
