#if canImport(Glibc)
    import Glibc
#endif

/// The parser under test, chosen once by `PARLEY_FUZZ`.
private let chosen: FuzzTarget = {
    guard let name = getenv("PARLEY_FUZZ").map({ String(cString: $0) }), let target = FuzzTarget.all[name] else {
        print("PARLEY_FUZZ names a parser: \(FuzzTarget.all.keys.sorted().joined(separator: " "))")
        exit(2)
    }
    return target
}()

/// libFuzzer's entry: one input.
@c(LLVMFuzzerTestOneInput) public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    chosen.run(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}
