import Foundation
import Gateway
import Testing

/// The vendor's own documents, built from our types.
@Suite("TwiML golden documents")
struct TwiMLGoldenTests {
    private static let media = "wss://voice.example.net/ws/twilio/media"
    private static let hooks = "https://voice.example.net"

    private static let spoken: [String: TwiML] = [
        "twiml-01-empty": TwiML(),
        "twiml-02-say": TwiML([.say(.init("Hello!"))]),
        "twiml-03-say-voice": TwiML([
            .say(
                .init(
                    "Bonjour ! Je m'appelle Léa.",
                    language: "fr-FR",
                    voice: "Polly.Lea-Neural",
                    loop: 2
                )
            )
        ]),
        "twiml-04-say-escaping": TwiML([.say(.init(#"Tom & "Jerry" <3 it's 5 > 4"#))]),
        "twiml-05-say-unicode": TwiML([.say(.init("Ça va — déjà vu 👍"))]),
        "twiml-06-say-ssml": TwiML([
            .say(
                .init([
                    .text("Hello "), .pause(strength: "x-weak", time: "100ms"),
                    .prosody(rate: "50%", [.text("slow down")]),
                ])
            )
        ]),
        "twiml-07-play": TwiML([
            .play(.file("https://media.example.net/welcome.wav")),
            .play(.file("https://media.example.net/hold.mp3", loop: 0)),
        ]),
        "twiml-08-play-digits": TwiML([.play(.digits("wwww3*12#"))]),
        "twiml-09-pause-hangup": TwiML([.pause(seconds: 3), .hangup]),
        "twiml-10-redirect": TwiML([
            .redirect(.init("\(hooks)/api/v1/webhooks/twilio/voice?step=2&lang=fr", method: .post))
        ]),
        "twiml-27-whitespace": TwiML([.say(.init("line1\nline2\ttab"))]),
    ]

    private static let asked: [String: TwiML] = [
        "twiml-11-gather-dtmf": TwiML([
            .gather(
                .init(
                    action: "\(hooks)/api/v1/webhooks/twilio/gather",
                    method: .post,
                    input: [.dtmf],
                    timeout: 7,
                    numDigits: 1,
                    finishOnKey: "",
                    actionOnEmptyResult: true,
                    prompts: [
                        .say(.init("Press 1 for sales.", language: "en-GB")), .pause(seconds: 1),
                        .play(.file("https://media.example.net/menu.wav")),
                    ]
                )
            ),
            .redirect(.init("\(hooks)/api/v1/webhooks/twilio/gather?Digits=TIMEOUT")),
        ]),
        "twiml-12-gather-speech": TwiML([
            .gather(
                .init(
                    action: "\(hooks)/gather",
                    input: [.dtmf, .speech],
                    timeout: 5,
                    speechTimeout: "auto",
                    speechModel: "googlev2_telephony",
                    language: "fr-FR",
                    hints: "oui, non, conseiller",
                    profanityFilter: false,
                    partialResultCallback: "\(hooks)/partial",
                    bargeIn: true,
                    prompts: [.say(.init("Dites oui ou tapez un.", language: "fr-FR"))]
                )
            )
        ]),
        "twiml-25-gather-defaults": TwiML([.gather(.init())]),
        "twiml-17-record-voicemail": TwiML([
            .say(.init("Please leave a message after the beep.")),
            .record(
                .init(
                    action: "\(hooks)/rec-done",
                    timeout: 5,
                    finishOnKey: "#",
                    maxLength: 120,
                    playBeep: true,
                    trim: .silence,
                    recordingStatusCallback: "\(hooks)/rec",
                    recordingStatusCallbackEvent: [.completed, .absent],
                    transcribe: true,
                    transcribeCallback: "\(hooks)/transcribed"
                )
            ),
        ]),
        "twiml-23-reject": TwiML([.reject(.busy)]),
    ]

    private static let dialled: [String: TwiML] = [
        "twiml-13-dial-number": TwiML([
            .dial(
                .init(
                    [.bare("+33184800001")],
                    action: "\(hooks)/dial-done",
                    timeout: 20,
                    timeLimit: 3600,
                    callerId: "+33184800000",
                    answerOnBridge: true
                )
            ), .say(.init("Goodbye")),
        ]),
        "twiml-14-dial-number-noun": TwiML([
            .dial(
                .init(
                    [
                        .number(
                            .init(
                                "+33184800001",
                                url: "\(hooks)/whisper",
                                sendDigits: "wwww1928",
                                statusCallback: "\(hooks)/child",
                                statusCallbackEvent: [.initiated, .ringing, .answered, .completed],
                                statusCallbackMethod: .post
                            )
                        )
                    ],
                    record: .fromAnswerDual,
                    recordingStatusCallback: "\(hooks)/rec",
                    recordingStatusCallbackEvent: [.inProgress, .completed, .absent]
                )
            )
        ]),
        "twiml-15-dial-sip": TwiML([
            .dial(.init([.sip("sip:agent@sip.example.net;transport=tls?x-call-id=42")]))
        ]),
        "twiml-16-dial-conference": TwiML([
            .dial(
                .init([
                    .conference(
                        .init(
                            "Room 42",
                            beep: false,
                            muted: false,
                            startConferenceOnEnter: true,
                            endConferenceOnExit: false,
                            waitUrl: "",
                            statusCallback: "\(hooks)/conf",
                            statusCallbackEvent: [.start, .end, .join, .leave]
                        )
                    )
                ])
            )
        ]),
        "twiml-22-transfer": TwiML([
            .say("One moment, please.", language: "en-US"),
            .dial(.init([.bare("+15558675310")], timeout: 25, callerId: "+15551112222")),
            .say(.init("Nobody is available. Goodbye.")), .hangup,
        ]),
        "twiml-26-dial-simultaneous": TwiML([
            .dial(
                .init(
                    [.number(.init("+15551230001")), .number(.init("+15551230002")), .client("agent_7")],
                    action: "\(hooks)/dial-done?a=1&b=2",
                    method: .get
                )
            )
        ]),
    ]

    private static let streamed: [String: TwiML] = [
        "twiml-18-connect-stream": TwiML([.connect(.init(.stream(.init(media))))]),
        "twiml-19-connect-stream-parameters": TwiML([
            .connect(
                .init(
                    .stream(
                        .init(
                            media,
                            name: "agent-1",
                            track: .inbound,
                            statusCallback: "\(hooks)/stream-status",
                            statusCallbackMethod: .post,
                            parameters: [
                                .init("session_id", "s-0f3c"), .init("tenant", #"Élysée & Co "A""#),
                            ].compactMap { $0 }
                        )
                    ),
                    action: "\(hooks)/stream-ended"
                )
            ), .say(.init("The assistant left the call.")), .hangup,
        ]),
        "twiml-20-start-stream": TwiML([
            .start(.init("wss://voice.example.net/ws/twilio/monitor", name: "monitor", track: .both)),
            .say(.init("Recording started.")), .pause(seconds: 60),
        ]),
        "twiml-21-stop-stream": TwiML([.stop(stream: "monitor")]),
        "twiml-24-conversation-relay": TwiML([
            .connect(
                .init(
                    .relay(
                        .init(
                            "wss://voice.example.net/ws/twilio/relay",
                            welcomeGreeting: "Hi! How can I help?",
                            language: "en-US",
                            voice: "UgBBYS2sOqTuMpoF3BR0",
                            ttsProvider: "ElevenLabs",
                            transcriptionProvider: "Deepgram",
                            interruptible: "any",
                            dtmfDetection: true
                        )
                    ),
                    action: "\(hooks)/relay-ended"
                )
            )
        ]),
        "twiml-28-attribute-escaping": TwiML([
            .connect(
                .init(
                    .stream(.init(media, parameters: [.init("quote", "a\"b'c<d>&e\nf")].compactMap { $0 }))
                )
            )
        ]),
    ]

    private static let all = spoken.merging(asked) { $1 }.merging(dialled) { $1 }.merging(streamed) { $1 }

    @Test func everyDocumentMeansWhatTheSDKsDoes() throws {
        var left = Self.all
        for document in try WireVectors.list("twilio-twiml-golden.json", "documents") {
            let id = document.text("id")
            let known = left.removeValue(forKey: id)
            let ours = try #require(known, "no document of ours: \(id)")
            let form = try #require(CanonicalXML.form(ours.xml), "\(id)")
            #expect(form == CanonicalXML.form(document.text("xml")), "\(id)")
            #expect(ours.xml == document.text("xml"), "\(id): byte by byte too")
        }
        #expect(left.isEmpty && Self.all.count == 28)
    }
}
