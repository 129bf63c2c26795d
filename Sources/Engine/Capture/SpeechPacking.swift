/// Lossless packing of 16-bit speech: a fixed predictor of order 1 or 2, and Rice codes for what it missed.
///
/// - Source: A. Robinson, "SHORTEN: Simple lossless and near-lossless waveform compression", 1994 (predictors, Rice codes);
///   the choice of the parameter is that of LOCO-I / JPEG-LS (ITU-T T.87, A.5.1).
/// - Cost: two passes over 160 samples, no allocation. Safe on the 20 ms path.
enum SpeechPacking {
    /// The last two samples of the chunk before: prediction goes on across chunks.
    struct History: Sendable, Equatable {
        var last: Int32 = 0
        var older: Int32 = 0
    }

    /// First byte of a packed chunk: samples follow as they are, two bytes each.
    static let raw: UInt8 = 0xFF
    /// A quotient of this many ones is followed by the whole residual: 20 bits hold any residual of order 2.
    static let escapeQuotient = 16
    static let escapeBits = 20

    @inline(__always) static func residual(_ sample: Int32, order: UInt8, _ history: History) -> Int32 {
        order == 1 ? sample &- history.last : sample &- 2 &* history.last &+ history.older
    }

    @inline(__always) static func sample(_ residual: Int32, order: UInt8, _ history: History) -> Int32 {
        order == 1 ? residual &+ history.last : residual &+ 2 &* history.last &- history.older
    }

    @inline(__always) static func fold(_ residual: Int32) -> UInt32 {
        UInt32(bitPattern: residual &<< 1) ^ UInt32(bitPattern: residual &>> 31)
    }

    @inline(__always) static func unfold(_ value: UInt32) -> Int32 {
        Int32(bitPattern: value &>> 1) ^ -Int32(bitPattern: value & 1)
    }

    /// Chooses the predictor and its Rice parameter, and says how many bits it takes.
    static func plan(_ samples: borrowing FrameSamples, count: Int, _ start: History) -> (
        order: UInt8, parameter: UInt8, bits: Int
    ) {
        var history = start
        var first = 0
        var second = 0
        for index in 0..<count {
            let sample = Int32(samples[index])
            first &+= Int(abs(residual(sample, order: 1, history)))
            second &+= Int(abs(residual(sample, order: 2, history)))
            history = History(last: sample, older: history.last)
        }
        let order: UInt8 = first <= second ? 1 : 2
        let sum = min(first, second)
        var parameter: UInt8 = 0
        while parameter < 18, count &<< Int(parameter) < sum { parameter &+= 1 }
        history = start
        var bits = 0
        for index in 0..<count {
            let sample = Int32(samples[index])
            let quotient = Int(fold(residual(sample, order: order, history)) &>> UInt32(parameter))
            bits &+= quotient < escapeQuotient ? quotient &+ 1 &+ Int(parameter) : escapeQuotient &+ escapeBits
            history = History(last: sample, older: history.last)
        }
        return (order, parameter, bits)
    }
}

extension ByteRingWriter {
    /// Appends `count` samples in the smaller of the two forms, and moves `history` behind them.
    mutating func append(_ samples: borrowing FrameSamples, count: Int, history: inout SpeechPacking.History) {
        let count = min(max(0, count), Frame.samples)
        guard count > 0 else { return }
        let plan = SpeechPacking.plan(samples, count: count, history)
        guard plan.bits < 16 * count else {
            append(SpeechPacking.raw)
            for index in 0..<count {
                let sample = Int32(samples[index])
                append(UInt8(truncatingIfNeeded: sample))
                append(UInt8(truncatingIfNeeded: sample &>> 8))
                history = .init(last: sample, older: history.last)
            }
            return
        }
        append(plan.order << 5 | plan.parameter)
        var bits: UInt64 = 0
        var filled = 0
        for index in 0..<count {
            let sample = Int32(samples[index])
            let value = SpeechPacking.fold(SpeechPacking.residual(sample, order: plan.order, history))
            history = .init(last: sample, older: history.last)
            let quotient = Int(value &>> UInt32(plan.parameter))
            // Lowest bit first: ones, a zero, then the remainder.
            if quotient < SpeechPacking.escapeQuotient {
                bits |= (UInt64(1) &<< UInt64(quotient) &- 1) &<< UInt64(filled)
                filled &+= quotient &+ 1
                bits |= (UInt64(value) & (1 &<< UInt64(plan.parameter) &- 1)) &<< UInt64(filled)
                filled &+= Int(plan.parameter)
            } else {
                bits |= (1 &<< UInt64(SpeechPacking.escapeQuotient) &- 1) &<< UInt64(filled)
                filled &+= SpeechPacking.escapeQuotient
                bits |= UInt64(value) &<< UInt64(filled)
                filled &+= SpeechPacking.escapeBits
            }
            // At most 7 + 36 bits are ever held.
            while filled >= 8 {
                append(UInt8(truncatingIfNeeded: bits))
                bits &>>= 8
                filled &-= 8
            }
        }
        if filled > 0 { append(UInt8(truncatingIfNeeded: bits)) }
    }
}
