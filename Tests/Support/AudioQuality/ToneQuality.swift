import Codecs
import Engine
import Foundation
import TestSupport

/// How well keypad tones are heard: every key at every level, deviation, twist and alignment, with noise, and what must not
/// be heard.
public enum ToneQuality {
    private static let area = "tones"
    private static let alignments = [0, 7, 33, 61, 97, 130, 151]

    public static func measure(_ corpus: Corpus) throws -> [QualityFigure] {
        var figures = heard()
        figures += refused()
        figures += try recordings(corpus)
        return figures
    }

    // MARK: - What must be heard

    private static func heard() -> [QualityFigure] {
        let levels = [-25.0, -12, -3, 0]
        let factors = [(0.985, 0.985), (0.985, 1.015), (1, 1), (1.015, 0.985), (1.015, 1.015)]
        let twists = [-4.0, 0, 4, 8]
        let grid = levels.flatMap { level in
            factors.flatMap { factor in
                twists.map { twist in
                    { (signal: inout ToneSignal) in
                        signal.level = level
                        (signal.rowFactor, signal.columnFactor) = factor
                        signal.twist = twist
                    }
                }
            }
        }
        let noisy = grid.map { edit in
            { (signal: inout ToneSignal) in
                edit(&signal)
                signal.noiseRatio = 15
            }
        }
        let dropouts = [5.0, 10, 15, 20].map { length in
            { (signal: inout ToneSignal) in
                signal.onMilliseconds = 120
                signal.dropoutMilliseconds = length
                signal.noiseRatio = 20
            }
        }
        return [
            share("40 ms on and off, -25...0 dBm0, +-1.5 %, -4...8 dB twist: heard exactly", grid, .atLeast(1)),
            share("the same in noise at 15 dB: heard exactly", noisy, .atLeast(0.995)),
            share("dropouts of 5...20 ms inside a tone: heard exactly once", dropouts, .atLeast(1)),
        ]
    }

    private static func share(
        _ name: String,
        _ edits: [(inout ToneSignal) -> Void],
        _ target: QualityFigure.Target
    ) -> QualityFigure {
        var (right, total) = (0, 0)
        for (number, edit) in edits.enumerated() {
            for signal in signals(number, edit) {
                total += 1
                if ToneHearing(signal.samples).pressed == signal.keys { right += 1 }
            }
        }
        return QualityFigure(area, name, Double(right) / Double(total), unit: "share", target: target)
    }

    /// Each key once more after itself and before another one; one alignment per key, so that all meet over a grid.
    private static func signals(_ number: Int, _ edit: (inout ToneSignal) -> Void) -> [ToneSignal] {
        DTMFKey.all.map { key in
            var signal = ToneSignal([key, key, DTMFKey.all[(Int(key.index) + 5) % 16]])
            signal.alignment = alignments[(Int(key.index) + number) % alignments.count]
            signal.seed = UInt64(number) * 16 + UInt64(key.index) + 1
            edit(&signal)
            return signal
        }
    }

    // MARK: - What must not be heard

    private static func refused() -> [QualityFigure] {
        let short = [20.0, 23].flatMap { length in
            [-20.0, -3].map { level in
                { (signal: inout ToneSignal) in
                    signal.onMilliseconds = length
                    signal.level = level
                }
            }
        }
        let off = [0.95, 0.965, 1.035, 1.05].flatMap { factor in
            [(factor, 1), (1, factor), (factor, factor)].map { factors in
                { (signal: inout ToneSignal) in
                    signal.onMilliseconds = 100
                    (signal.rowFactor, signal.columnFactor) = factors
                    signal.noiseRatio = 25
                }
            }
        }
        let twisted = [12.0, -10].map { twist in
            { (signal: inout ToneSignal) in
                signal.onMilliseconds = 100
                signal.twist = twist
            }
        }
        let faint = [
            { (signal: inout ToneSignal) in
                signal.onMilliseconds = 100
                signal.level = -40
            }
        ]
        return [
            count("keys heard in tones of 20 and 23 ms", short), count("keys heard 3.5 and 5 % off frequency", off),
            count("keys heard beyond 12 dB normal and 10 dB reverse twist", twisted),
            count("keys heard at -40 dBm0", faint),
        ]
    }

    private static func count(_ name: String, _ edits: [(inout ToneSignal) -> Void]) -> QualityFigure {
        var count = 0
        for (number, edit) in edits.enumerated() {
            for signal in signals(number, edit) { count += ToneHearing(signal.samples).pressed.count }
        }
        return QualityFigure(area, name, Double(count), unit: "keys", target: .atMost(0))
    }

    // MARK: - Recordings

    private static func recordings(_ corpus: Corpus) throws -> [QualityFigure] {
        var wrong = 0
        var worst = 0
        for item in corpus.items(in: "dtmf") {
            let heard = ToneHearing(try corpus.samples(item.file))
            let wanted = item.dtmf ?? []
            guard heard.pressed.map(\.description) == wanted.map(\.key) else {
                wrong += 1
                continue
            }
            for (certain, key) in zip(heard.certainAtMilliseconds, wanted) {
                worst = max(worst, certain - key.start_ms)
            }
        }
        var falseKeys = 0
        var samples = 0
        for folder in ["speech", "mixed", "noise", "turns", "echo"] {
            for item in corpus.items(in: folder) {
                let audio = try corpus.samples(item.file)
                samples += audio.count
                falseKeys += ToneHearing(audio).pressed.count
            }
        }
        for name in try Fixtures.files(in: "speech", ending: ".ulaw") {
            let audio = try Fixtures.bytes("speech/" + name).map { MuLaw.linear($0) }
            samples += audio.count
            falseKeys += ToneHearing(audio).pressed.count
        }
        return [
            QualityFigure(
                area,
                "recorded key sequences heard wrongly",
                Double(wrong),
                unit: "files",
                target: .atMost(0)
            ),
            QualityFigure(
                area,
                "key certain after its tone began, worst",
                Double(worst),
                unit: "ms",
                target: .atMost(60)
            ),
            QualityFigure(
                area,
                "false keys in speech, noise, music and mixes",
                Double(falseKeys),
                unit: "keys",
                target: .atMost(0)
            ),
            QualityFigure(area, "length of that material", Double(samples) / 480_000, unit: "min"),
        ]
    }
}

extension Fixtures {
    fileprivate static func files(in folder: String, ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Self.folder.appendingPathComponent(folder).path).filter {
            $0.hasSuffix(ending)
        }.sorted()
    }
}
