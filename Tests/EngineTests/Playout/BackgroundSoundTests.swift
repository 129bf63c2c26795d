import Codecs
import Engine
import TestSupport
import Testing

@Suite("Background sound")
struct BackgroundSoundTests {
    private let shelf = RecordingShelf([
        [Int16](repeating: 8000, count: 400), [Int16](repeating: -4000, count: 160 * 20), [],
    ])

    private func mixed(_ sound: inout BackgroundSound, voice: Int16 = 0, underVoice: Bool = false) -> [Int16] {
        var samples = FrameSamples(repeating: voice)
        sound.mix(into: &samples, underVoice: underVoice)
        return (0..<Frame.samples).map { samples[$0] }
    }

    private func largestJump(_ samples: [Int16]) -> Int {
        zip(samples, samples.dropFirst()).map { abs(Int($1) - Int($0)) }.max() ?? 0
    }

    @Test func itFadesInGoesRoundDucksUnderAVoiceAndFadesOut() {
        var sound = BackgroundSound(shelf: shelf)
        sound.begin(BackgroundPlay(recording: 0))
        var all = mixed(&sound)
        for _ in 0..<9 { all += mixed(&sound) }
        let steady = all.last
        for _ in 0..<3 { all += mixed(&sound, underVoice: true) }
        let ducked = all.last
        sound.end()
        all += mixed(&sound)
        let isOver = !sound.isPlaying
        all += mixed(&sound)
        #expect(steady == 8000)
        #expect(ducked == 2000)
        #expect(isOver)
        #expect(all.last == 0)
        // No step anywhere is larger than a fade's own slope.
        #expect(largestJump(all) <= 8000 / 160 + 1)
    }

    @Test func aFillerPlaysOnceAndEndsWhenTheReplyBegins() {
        var once = BackgroundSound(shelf: shelf)
        once.begin(BackgroundPlay(recording: 1, loops: false, endsWithReply: true))
        for _ in 0..<20 { _ = mixed(&once) }
        _ = mixed(&once)
        let isOver = !once.isPlaying
        #expect(isOver)

        var cut = BackgroundSound(shelf: shelf)
        cut.begin(BackgroundPlay(recording: 1, loops: false, endsWithReply: true))
        _ = mixed(&cut)
        cut.replyBegins()
        _ = mixed(&cut)
        let isCut = !cut.isPlaying
        #expect(isCut)

        var music = BackgroundSound(shelf: shelf)
        music.begin(BackgroundPlay(recording: 0))
        music.replyBegins()
        _ = mixed(&music)
        let plays = music.isPlaying
        #expect(plays)
    }

    @Test func mixingSaturatesAndDoesNotWrap() {
        var sound = BackgroundSound(shelf: shelf)
        sound.begin(BackgroundPlay(recording: 0, gain: 4))
        _ = mixed(&sound)
        let samples = mixed(&sound, voice: 32_000)
        #expect(samples.allSatisfy { $0 == Int16.max })
    }

    @Test(arguments: [-1, 2, 3, Int32.max]) func aRecordingThatIsNotThereIsSilence(_ number: Int32) {
        var sound = BackgroundSound(shelf: shelf)
        sound.begin(BackgroundPlay(recording: number))
        #expect(mixed(&sound).allSatisfy { $0 == 0 })
    }

    @Test func holdMusicPlaysAloneThenUnderAReplyAndTheReplysPositionIsItsOwn() {
        var rig = PipelineRig(shelf: shelf)
        rig.ports.commands.append(.beginBackground(BackgroundPlay(recording: 0)))
        rig.quiet(50)
        let alone = rig.played.count
        rig.reply(1, frames: 50)
        rig.quiet(100)
        rig.ports.commands.append(.endBackground)
        rig.quiet(20)
        let total = rig.played.count
        #expect(alone >= 44)
        #expect(rig.ports.events.contains { if case .replyPlayed(1, _) = $0 { true } else { false } })
        #expect(rig.pipeline.heard.reply == 1)
        #expect(rig.pipeline.heard.samples == Int32(50 * Frame.samples))
        // The music went on after the reply and stopped when it was told.
        #expect(total > 140 && total < 165)
        #expect(MuLaw.linear(rig.played[alone - 1][80]) > 7000)
    }
}
