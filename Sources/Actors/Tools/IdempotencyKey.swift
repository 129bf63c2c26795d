/// The name of one step of one call: the same for every repetition of it, different for every other step.
enum IdempotencyKey {
    /// - Parameter arguments: their canonical text is what counts, so the order of members does not.
    /// - Returns: 32 hexadecimal digits, without anything the caller said: FNV-1a with 128 bits.
    /// - Source: draft-eastlake-fnv, section 5 (offset basis and prime for 128 bits).
    static func make(callID: String, turn: Int, tool: String, arguments: JSON) -> String {
        var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        // A zero byte ends each part: no two lists of parts are the same bytes.
        for part in [callID, String(turn), tool, arguments.serialized] {
            for byte in part.utf8 + [0] {
                hash ^= UInt128(byte)
                hash &*= 0x0000_0000_0100_0000_0000_0000_0000_013B
            }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
