import AudioQuality
import Engine
import Glibc
import Testing

/// The arrays behind a library's opaque states are found, all of them and nothing else.
@Suite("Library memory")
struct LibraryMemoryTests {
    /// A state as a C library would make it: numbers, arrays, an array of its own behind one of them, and an alias.
    private struct Made {
        let state = block(64)
        let samples = block(4_000)
        let table = block(48)
        let twiddles = block(8_000)

        init() {
            state.storeBytes(of: 160, as: Int.self)
            state.storeBytes(of: UInt(bitPattern: samples), toByteOffset: 8, as: UInt.self)
            state.storeBytes(of: UInt(bitPattern: table), toByteOffset: 24, as: UInt.self)
            state.storeBytes(of: UInt(bitPattern: samples), toByteOffset: 32, as: UInt.self)
            table.storeBytes(of: UInt(bitPattern: twiddles), toByteOffset: 40, as: UInt.self)
        }

        var handle: OpaquePointer { OpaquePointer(state) }

        func free() { for block in [state, samples, table, twiddles] { Glibc.free(block) } }

        private static func block(_ bytes: Int) -> UnsafeMutableRawPointer {
            guard let made = calloc(1, bytes) else { preconditionFailure("no memory for a test") }
            return made
        }
    }

    @Test func everyArrayIsFoundOnce() throws {
        let (first, second) = (Made(), Made())
        defer {
            first.free()
            second.free()
        }
        let parts = LibraryLayout(first.handle, second.handle).parts
        try #require(parts.count == 4)
        #expect(parts.map(\.holder) == [nil, 0, 0, 2])
        #expect(parts.map(\.offset) == [0, 8, 24, 40])
        // The allocator gives a little more than was asked for.
        for (part, bytes) in zip(parts, [64, 4_000, 48, 8_000]) { #expect(bytes..<bytes + 32 ~= part.bytes) }
    }

    @Test func aThirdStateIsReadWhereItsArraysAre() {
        let (first, second, third) = (Made(), Made(), Made())
        defer { for made in [first, second, third] { made.free() } }
        let memory = LibraryMemory(of: third.handle, layout: LibraryLayout(first.handle, second.handle))
        #expect(memory.bytes >= 64 + 4_000 + 48 + 8_000)
        memory.touch()
    }

    /// A library that makes an array only when it is needed.
    @Test func anArrayThatIsMissingIsReadNowhere() {
        let (first, second, third) = (Made(), Made(), Made())
        defer { for made in [first, second, third] { made.free() } }
        third.state.storeBytes(of: 0, toByteOffset: 24, as: UInt.self)
        let memory = LibraryMemory(of: third.handle, layout: LibraryLayout(first.handle, second.handle))
        #expect(64 + 4_000..<64 + 4_000 + 3_000 ~= memory.bytes)
        memory.touch()
    }

    @Test func aStateWithoutArraysIsItself() {
        let (first, second) = (calloc(1, 256), calloc(1, 256))
        defer {
            free(first)
            free(second)
        }
        guard let first, let second else { return #expect(Bool(false), "no memory") }
        #expect(LibraryLayout(OpaquePointer(first), OpaquePointer(second)).parts.count == 1)
    }

    /// What speexdsp 1.2 asks the allocator for: 30 blocks of 50 kB for a canceller of 128 ms, 32 of 24 kB for a preprocessor.
    @Test func theLibrarysStatesAreFoundWhole() {
        let (canceller, reducer) = (EchoCanceller.layout(taps: 1_024).parts, NoiseReducer.layout.parts)
        #expect(canceller.count == 30)
        #expect(50_000..<52_000 ~= canceller.reduce(0) { $0 + $1.bytes })
        #expect(reducer.count == 32)
        #expect(24_000..<26_000 ~= reducer.reduce(0) { $0 + $1.bytes })
    }

    /// Calls end and others begin, so arrays come to lie wherever there is room.
    @Test func statesInUsedMemoryAreFoundToo() {
        func calls(_ count: Int) -> [Held] { (0..<count).map { _ in Held() } }
        let whole = 74_000
        var held = calls(40)
        for round in 0..<10 {
            held = held.enumerated().filter { ($0.offset + round) % 3 != 0 }.map(\.element)
            held += calls(40 - held.count)
            for call in held { #expect(call.bytes * 4 > whole * 3) }
        }
    }

    private final class Held {
        let bytes: Int
        private let stage = EchoStage()
        private let reducer: NoiseReducer

        init() {
            reducer = NoiseReducer(after: stage)
            bytes = stage.bytesReadAhead + reducer.bytesReadAhead
        }
    }

    /// Reading ahead is all that changes with the number of calls.
    @Test func manyCallsHearWhatOneHears() throws {
        let scenario = EchoScenario(
            far: try EchoMaterial(Corpus()).agent(voice: "slt", seconds: 3, seed: 3),
            line: .init(delay: 90, loss: 12)
        )
        let alone = EchoRun(scenario)
        let others = (0..<40).map { _ in Held() }
        let among = EchoRun(scenario)
        #expect(among.cleaned == alone.cleaned)
        #expect(others.count == 40)
    }
}
