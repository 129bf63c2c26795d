extension LoadReport.Processor {
    package init(_ seen: ProcessorWitness.Sightings, _ moments: LoadMoments) {
        let slow = seen.pace.slow
        slowSeconds = Double(moments.window.overlap(with: slow)) / 1e9
        meanSpeed = seen.pace.meanSpeed(in: moments.window) ?? 1
        lateTicksWhenSlow = moments.lateTicks.entries.filter { $0.span.touches(anyOf: slow) }.map(\.count).reduce(0, +)
        gapsOf60WhenSlow = moments.gaps.count { $0.touches(anyOf: slow) }
        var otherwise = LoadHistogram()
        for answer in moments.answers {
            // An answer is made in the time since the last word.
            let made = TimeSpan(begin: answer.at - Int64(answer.milliseconds * 1e6), end: answer.at)
            if !made.touches(anyOf: slow) { otherwise.record(answer.milliseconds) }
        }
        answerMsOtherwise = LoadFigures(otherwise)

        let stood = seen.standstills.filter { $0.touches(moments.window) && !$0.touches(anyOf: slow) }
        standstills = stood.count
        longestMs = stood.map(\.milliseconds).max() ?? 0
        totalMs = stood.map(\.milliseconds).reduce(0, +)
        let periods = stood.map { $0.milliseconds / Double(PhoneFrame.milliseconds) }
        lateTicksExplained = moments.calls * periods.filter { $0 >= 1 }.map { Int($0.rounded(.up)) }.reduce(0, +)
        gapsOf60Explained = moments.gaps.count { $0.touches(anyOf: stood) && !$0.touches(anyOf: slow) }
    }
}
