/// The command line of a measuring run: pairs of a name and a value.
struct Options {
    enum Part: String { case micro, density, realtime }

    private(set) var limits = "limits.json"
    private(set) var swift = "not told"
    private(set) var json: String?
    private(set) var report: String?
    private(set) var instructions: String?
    private(set) var effort = Effort.full
    private var only: Part?

    init(_ arguments: [String]) {
        guard arguments.count.isMultiple(of: 2) else { Comparison.fail("a value is missing: \(arguments)") }
        var (calls, seconds): ([Int]?, Int?) = (nil, nil)
        for index in stride(from: 0, to: arguments.count, by: 2) {
            let value = arguments[index + 1]
            switch arguments[index] {
            case "--limits": limits = value
            case "--swift": swift = value
            case "--json": json = value
            case "--report": report = value
            case "--instructions": instructions = value
            case "--effort" where value == "quick": effort = .quick
            case "--effort" where value == "full": effort = .full
            case "--only":
                only = Part(rawValue: value)
                if only == nil { Comparison.fail("no such part: \(value)") }
            case "--seconds":
                seconds = Int(value)
                if seconds == nil { Comparison.fail("\(value) is no number of seconds") }
            case "--calls":
                calls = value.split(separator: ",").compactMap { Int($0) }
                if calls?.isEmpty != false { Comparison.fail("\(value) is no list of numbers") }
            default: Comparison.fail("unknown: \(arguments[index]) \(value)")
            }
        }
        if let calls { effort.realTimeCalls = calls }
        if let seconds { effort.realTimeSeconds = seconds }
    }

    func measures(_ part: Part) -> Bool { only == nil || only == part }
}
