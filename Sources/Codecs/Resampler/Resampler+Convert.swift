extension Resampler {
    /// Converts one whole recording.
    ///
    /// - Returns: `samples.count * to / from` samples, rounded, aligned with the input (no leading delay, complete end).
    /// - Throws: `ResamplerError` for a rate or quality that does not exist.
    public static func convert(
        _ samples: [Int16],
        from: Int,
        to: Int,
        quality: Int = 3
    ) throws(ResamplerError) -> [Int16] {
        var resampler = try Resampler(from: from, to: to, quality: quality, skipsLeadingDelay: true)
        let wanted = (samples.count * to + from / 2) / from
        // Silence after the end pushes out what the filter still holds: its delay, and one output sample for rounding.
        let input = samples + [Int16](repeating: 0, count: resampler.latency + from / to + 1)
        var output = [Int16](repeating: 0, count: resampler.outputCapacity(for: input.count))
        var room = output.mutableSpan
        try resampler.process(input.span, into: &room)
        output.removeSubrange(wanted...)
        return output
    }
}
