/// Why a text is not base64, or its bytes found no room.
public enum Base64Error: Error, Equatable, Sendable, CustomStringConvertible {
    /// A byte that is not in the alphabet `A-Z a-z 0-9 + /`, or a `=` before the end.
    case badCharacter(byte: UInt8, offset: Int)
    /// The text's length is not a multiple of four.
    case badLength(Int)
    /// The last four characters end in a way no encoder writes; `offset` is that of the wrong character.
    case badPadding(offset: Int)
    /// Nothing was written.
    case outputTooSmall(needed: Int, capacity: Int)

    public var description: String {
        switch self {
        case .badCharacter(let byte, let offset):
            "not base64: byte 0x\(String(byte, radix: 16)) at offset \(offset) is not in the standard alphabet"
        case .badLength(let length):
            "not base64: \(length) characters, but the length must be a multiple of 4; pad with '='"
        case .badPadding(let offset):
            "not base64: wrong ending at offset \(offset); the unused bits must be zero and '=' may only fill the end"
        case .outputTooSmall(let needed, let capacity):
            "base64 output holds \(capacity) bytes, \(needed) are needed: size it with encodedCount or decodedCapacity"
        }
    }
}
