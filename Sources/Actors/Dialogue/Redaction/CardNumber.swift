/// Payment card numbers: 13 to 19 digits with a right check digit.
///
/// - Source: ISO/IEC 7812-1:2017, sections 4 and annex B (the Luhn formula).
enum CardNumber {
    static let lengths = 13...19

    static func isValid(_ digits: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        for (offset, digit) in digits.reversed().enumerated() {
            let value = offset % 2 == 0 ? Int(digit) : Int(digit) * 2
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }

    /// The groups of a run that hold card numbers; nil when there is none.
    ///
    /// A number that is run together with other digits is found too. Numbers in a list (with commas) count by whole groups
    /// only, otherwise nearly every long list would hold one by chance.
    static func groups(in run: DigitRun) -> Range<Int>? {
        let digits = run.digits
        guard digits.count >= lengths.lowerBound, !run.isOrdinary else { return nil }
        var ends: [Int] = []
        for group in run.groups { ends.append((ends.last ?? 0) + group.digits.utf8.count) }
        let isList = run.groups.contains { $0.gap.contains(",") }
        var found: Range<Int>?
        var first = 0
        for start in isList ? [0] + ends : Array(0...digits.count) {
            while first + 1 < ends.count, ends[first] <= start { first += 1 }
            var last = first
            for length in lengths where start + length <= digits.count {
                while ends[last] < start + length { last += 1 }
                if isList, ends[last] != start + length { continue }
                guard isValid(digits[start..<start + length]) else { continue }
                found = (found?.lowerBound ?? first)..<max(found?.upperBound ?? 0, last + 1)
            }
        }
        return found
    }
}
