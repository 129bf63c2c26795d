// SAFETY: `handle` comes from ps_init and is freed once, in deinit. Strings and iterators the library lends are copied
// before the next call. A decoder is used by one thread at a time: by the pool's loading queue first, then by the one
// session that holds it.
import CPocketSphinx
import Foundation

/// One PocketSphinx decoder: an acoustic model, and the dictionary and language models of one tenant.
///
/// `@unchecked Sendable`: it changes hands (pool to session and back) but is never used by two at once; the library
/// keeps no state outside a decoder apart from the log target, which is set once.
final class PocketSphinxDecoder: @unchecked Sendable {
    let vocabulary: CallerVocabulary
    private let ownWords: Set<String>
    private let handle: OpaquePointer

    /// Mean cepstrum of speech on a telephone line (mu-law, 8 kHz, up-sampled): the average of 13 voices, human and
    /// synthetic, in five languages, which differ little. The model's own start value is that of a wide-band
    /// microphone; with it the first utterances of a call are lost: a quarter of the content words right instead of
    /// nine tenths.
    static let telephoneMean: [Float] = [
        42.39, 25.55, -37.93, 38.71, -18.74, -7.66, 17.43, -29.15, 15.36, -9.80, -7.16, 10.36, -14.25,
    ]

    /// Options that differ from the library's defaults, each measured (see the decision page).
    private static let options: [(String, String)] = [
        ("-lw", "8"),  // weight of the language model; the default 6.5 makes the search, and the end of a turn, slower
        ("-fwdflat", "no"),  // the second pass costs 90 ms at the end of a turn and gains nothing on whole sentences
        ("-remove_noise", "no"),  // the pipeline has already suppressed noise; twice costs two points of word errors
    ]

    private static let silenceLog: Void = { err_set_logfp(nil) }()

    /// Takes 0.1 to 0.2 s of CPU.
    /// - Parameters:
    ///   - models: the folder of the acoustic model.
    /// - Throws: what writing the temporary files throws, or `Refused`.
    init(models: String, pack: LanguagePack) throws {
        _ = Self.silenceLog
        vocabulary = pack.vocabulary
        ownWords = pack.ownWords
        let files = try PackFiles(pack)
        defer { files.remove() }
        guard let handle = Self.open(acoustics: models + "/en-us", dictionary: files.dictionary) else {
            throw Refused(part: "acoustic model or dictionary")
        }
        self.handle = handle
        for kind in LanguageKind.allCases {
            guard ps_set_lm_file(handle, kind.rawValue, files.model(kind)) == 0,
                ps_set_search(handle, kind.rawValue) == 0
            else { throw Refused(part: "language model \(kind.rawValue)") }
        }
    }

    deinit { ps_free(handle) }

    /// The library does not say why it refuses something once its log is off.
    struct Refused: Error {
        let part: String
    }

    private static func open(acoustics: String, dictionary: String) -> OpaquePointer? {
        let words = ["parley", "-hmm", acoustics, "-dict", dictionary] + options.flatMap { [$0.0, $0.1] }
        var arguments = words.map { strdup($0) }
        defer { arguments.forEach { free($0) } }
        let count = Int32(arguments.count)
        let config = arguments.withUnsafeMutableBufferPointer {
            cmd_ln_parse_r(nil, ps_args(), count, $0.baseAddress, 1)
        }
        guard let config else { return nil }
        defer { cmd_ln_free_r(config) }  // the decoder keeps its own reference
        return ps_init(config)
    }

    // MARK: One utterance

    /// The cepstral mean, which the library moves at the end of each utterance towards what it heard.
    var mean: [Float] {
        get {
            var mean = [Float](repeating: 0, count: Self.telephoneMean.count)
            cmn_live_get(ps_get_feat(handle).pointee.cmn_struct, &mean)
            return mean
        }
        set { cmn_live_set(ps_get_feat(handle).pointee.cmn_struct, newValue) }
    }

    func begin(_ kind: LanguageKind) {
        ps_set_search(handle, kind.rawValue)
        ps_start_stream(handle)
        ps_start_utt(handle)
    }

    /// - Shape: mono Int16, 16 000 samples per second.
    func process(_ samples: UnsafeBufferPointer<Int16>) {
        guard let base = samples.baseAddress, samples.count > 0 else { return }
        ps_process_raw(handle, base, samples.count, 0, 0)
    }

    /// The words so far.
    var partial: String {
        guard let text = ps_get_hyp(handle, nil) else { return "" }
        return String(cString: text).split(separator: " ").map { SpokenForm.written(String($0)) }.joined(separator: " ")
    }

    /// Ends the utterance.
    func finish() -> RecognizedUtterance {
        ps_end_utt(handle)
        var score: Int32 = 0
        let hasWords = ps_get_hyp(handle, &score) != nil
        var utterance = RecognizedUtterance(score: Int(score), frames: max(0, Int(ps_get_n_frames(handle))))
        guard hasWords else { return utterance }
        var segment = ps_seg_iter(handle)
        while let current = segment {
            if let word = word(current) { utterance.words.append(word) }
            segment = ps_seg_next(current)
        }
        return utterance
    }

    /// Drops the utterance.
    func abandon() { ps_end_utt(handle) }

    private func word(_ segment: OpaquePointer) -> RecognizedWord? {
        guard let name = ps_seg_word(segment), name[0] != CChar(UInt8(ascii: "<")), name[0] != CChar(UInt8(ascii: "[")),
            name[0] != CChar(UInt8(ascii: "(")), name[0] != CChar(UInt8(ascii: "+"))
        else { return nil }
        var first: Int32 = 0
        var last: Int32 = 0
        ps_seg_frames(segment, &first, &last)
        var acoustic: Int32 = 0
        var language: Int32 = 0
        var backOff: Int32 = 0
        _ = ps_seg_prob(segment, &acoustic, &language, &backOff)
        let spelling = SpokenForm.spelling(String(cString: name))
        return RecognizedWord(
            text: SpokenForm.written(spelling),
            frames: Int(last - first) + 1,
            languageScore: Int(language),
            isOwn: ownWords.contains(spelling)
        )
    }
}
