/// One parser with what must hold for every input, besides that it neither crashes nor hangs.
struct FuzzTarget: Sendable {
    let run: @Sendable ([UInt8]) -> Void

    /// By the names of the corpus folders.
    static let all: [String: FuzzTarget] = [
        "base64": FuzzTarget(run: Invariants.base64),
        "chat-anthropic": FuzzTarget(run: Invariants.chatAnthropic),
        "chat-openai": FuzzTarget(run: Invariants.chatOpenAI),
        "deepgram-live": FuzzTarget(run: Invariants.deepgramLive),
        "elevenlabs": FuzzTarget(run: Invariants.elevenLabs),
        "form": FuzzTarget(run: Invariants.form),
        "json": FuzzTarget(run: Invariants.json),
        "mcp": FuzzTarget(run: Invariants.modelContext),
        "ogg": FuzzTarget(run: Invariants.ogg),
        "ringcentral-event": FuzzTarget(run: Invariants.ringCentralEvent),
        "ringover-metadata": FuzzTarget(run: Invariants.ringoverMetadata),
        "ringover-token": FuzzTarget(run: Invariants.ringoverToken),
        "ringover-webhook": FuzzTarget(run: Invariants.ringoverWebhook),
        "rtp": FuzzTarget(run: Invariants.rtp),
        "sse": FuzzTarget(run: Invariants.serverSentEvents),
        "twilio-frame": FuzzTarget(run: Invariants.twilioFrame),
        "twilio-signature": FuzzTarget(run: Invariants.twilioSignature),
        "twilio-start": FuzzTarget(run: Invariants.twilioStart),
        "wav": FuzzTarget(run: Invariants.wav),
        "websocket": FuzzTarget(run: Invariants.webSocket),
        "wire": FuzzTarget(run: Invariants.wire),
    ]
}
