import Codecs
import Engine

extension JitterRun {
    var stretchedPercent: Double {
        100 * Double(count(.accelerate, .expand)) / Double(max(ticks.count, 1))
    }

    /// Normal frames that are not the sent samples.
    func inexact(_ speech: [UInt8]) -> Int {
        ticks.count { tick in
            let start = Int(tick.origin.timestampSamples)
            return !tick.samples.indices.allSatisfy {
                tick.samples[$0] == MuLaw.linear(speech[(start + $0) % speech.count])
            }
        }
    }

    /// Frames whose time does not lie behind that of the frame before, other than by the repeats that were reported.
    var repeated: Int {
        zip(ticks, ticks.dropFirst()).count {
            let step = $1.origin.timestampSamples - $0.origin.timestampSamples
            return step <= 0 && $0.origin.operation != .conceal && $1.origin.operation != .conceal
        }
    }

    /// Clicks, without those that a repeated pitch period holds: a voice's own sharp pulse within the 60 ms before.
    var newClicks: Int {
        let places = JitterRun.clickPlaces(output)
        return places.indices.count { index in
            let isRepeat = index > 0 && places[index] - places[index - 1] <= 480
            return !(isRepeat && ticks[places[index] / Frame.samples].isInvented)
        }
    }

    /// Runs of invented frames.
    var gaps: Int {
        zip(ticks, ticks.dropFirst()).count { !$0.isInvented && $1.isInvented }
    }

    /// Seconds from the end of each outage (a discontinuity, or more than five invented frames) until the lag is within
    /// 40 ms of the first second's; the longest.
    var longestRecovery: Double {
        let usual = ticks.prefix(150).suffix(100).map(\.lagMilliseconds).sorted()
        guard let normal = usual.isEmpty ? nil : usual[usual.count / 2] else { return .infinity }
        var longest = 0.0
        var index = 150
        while index < ticks.count {
            guard ticks[index].isInvented, index + 1 < ticks.count, !ticks[index + 1].isInvented else {
                index += 1
                continue
            }
            let ended = ticks[index].milliseconds
            let back = ticks[(index + 1)...].first { $0.lagMilliseconds <= normal + 40 }
            longest = max(longest, back.map { ($0.milliseconds - ended) / 1000 } ?? .infinity)
            index += 1
        }
        return longest
    }

    /// Seconds from the moment the network is fast again until the delay is within 40 ms of the beginning's.
    var shrinkSeconds: Double {
        let usual = ticks.prefix(150).suffix(100).map(\.lagMilliseconds).sorted()
        guard let normal = usual.isEmpty ? nil : usual[usual.count / 2],
            let up = ticks.first(where: { $0.lagMilliseconds > normal + 60 }),
            let back = ticks.last(where: { $0.lagMilliseconds > normal + 40 }), let down = stepDown
        else { return .infinity }
        return up.milliseconds < down ? max(0, back.milliseconds - down) / 1000 : .infinity
    }
}

extension JitterRun.Tick {
    var isInvented: Bool { origin.operation == .conceal || origin.operation == .comfortNoise }
}
