import CFloor
import Foundation

/// What other programs took of the machine while this one measured.
struct Machine {
    private var busy = 0.0
    private var own = 0.0
    private var at: Int64 = 0

    /// Reads Linux's `/proc/stat`: time of all processors that was neither idle nor waiting for a disk, in seconds. What a
    /// host took from a virtual machine (`steal`) counts as others'.
    static func now() -> Machine {
        var machine = Machine()
        let line = (try? String(contentsOfFile: "/proc/stat", encoding: .utf8))?.split(separator: "\n").first ?? ""
        let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
        for (index, value) in ticks.enumerated() where index != 3 && index != 4 {
            machine.busy += value / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
        machine.own = Double(floor_process_cpu_ns()) / 1e9
        machine.at = floor_monotonic_ns()
        return machine
    }

    /// Cores that others kept busy since `earlier`.
    func others(since earlier: Machine) -> Double {
        let wall = Double(at - earlier.at) / 1e9
        guard wall > 0 else { return 0 }
        return max(0, (busy - earlier.busy) - (own - earlier.own)) / wall
    }
}
