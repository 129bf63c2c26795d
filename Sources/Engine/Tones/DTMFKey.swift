/// The sixteen keys of a telephone keypad, numbered row by row: 1 2 3 A, 4 5 6 B, 7 8 9 C, * 0 # D.
///
/// - Source: ITU-T Q.23 table 1.
public struct DTMFKey: Equatable, Hashable, Sendable, CustomStringConvertible {
    /// 0...15: row * 4 + column.
    public let index: UInt8

    /// Hertz, top row first.
    public static let rows: SIMD4<Float> = [697, 770, 852, 941]
    /// Hertz, left column first.
    public static let columns: SIMD4<Float> = [1209, 1336, 1477, 1633]
    /// All sixteen, by index.
    public static var all: [DTMFKey] { (0..<4).flatMap { row in (0..<4).map { DTMFKey(row: row, column: $0) } } }

    private static let characters: StaticString = "123A456B789C*0#D"

    /// - Precondition: both are 0...3.
    public init(row: Int, column: Int) {
        precondition(0..<4 ~= row && 0..<4 ~= column, "a keypad has four rows and four columns")
        index = UInt8(row * 4 + column)
    }

    /// `nil` for a byte that is no key; `a` to `d` count as `A` to `D`.
    public init?(ascii: UInt8) {
        let upper = 0x61...0x64 ~= ascii ? ascii - 0x20 : ascii
        for index in 0..<UInt8(16) where DTMFKey(index).ascii == upper {
            self.index = index
            return
        }
        return nil
    }

    private init(_ index: UInt8) { self.index = index }

    /// `0` to `9`, `*`, `#`, `A` to `D`.
    public var ascii: UInt8 {
        Self.characters.withUTF8Buffer { unsafe $0[Int(index)] }
    }
    public var row: Int { Int(index) / 4 }
    public var column: Int { Int(index) % 4 }
    /// Hertz.
    public var rowFrequency: Float { Self.rows[row] }
    /// Hertz.
    public var columnFrequency: Float { Self.columns[column] }
    public var description: String { String(UnicodeScalar(ascii)) }
}
