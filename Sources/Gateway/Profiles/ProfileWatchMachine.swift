/// Decides from what a folder looks like when its profiles are read again: when they have changed, and have then been quiet
/// from one look to the next, so that a file that is still being written is not read.
struct ProfileWatchMachine {
    /// What was read last, whatever came of it.
    private(set) var settled: ProfileFootprint
    private var changed: ProfileFootprint?

    init(settled: ProfileFootprint) { self.settled = settled }

    /// - Returns: whether to read now.
    mutating func handle(_ seen: ProfileFootprint) -> Bool {
        guard seen != settled else {
            changed = nil
            return false
        }
        guard seen == changed else {
            changed = seen
            return false
        }
        return true
    }

    /// The folder was read as it looked then. A change after that look is a change again.
    mutating func settle(_ footprint: ProfileFootprint) {
        settled = footprint
        changed = nil
    }
}
