/// One parser with what must hold for every input, besides that it neither crashes nor hangs.
struct FuzzTarget: Sendable {
    let run: @Sendable ([UInt8]) -> Void

    /// By the names of the corpus folders.
    static let all: [String: FuzzTarget] = [
        "base64": FuzzTarget(run: Invariants.base64),
        "form": FuzzTarget(run: Invariants.form),
        "json": FuzzTarget(run: Invariants.json),
        "ogg": FuzzTarget(run: Invariants.ogg),
        "ringcentral-event": FuzzTarget(run: Invariants.ringCentralEvent),
        "ringover-metadata": FuzzTarget(run: Invariants.ringoverMetadata),
        "ringover-token": FuzzTarget(run: Invariants.ringoverToken),
        "ringover-webhook": FuzzTarget(run: Invariants.ringoverWebhook),
        "twilio-frame": FuzzTarget(run: Invariants.twilioFrame),
        "twilio-signature": FuzzTarget(run: Invariants.twilioSignature),
        "twilio-start": FuzzTarget(run: Invariants.twilioStart),
        "wav": FuzzTarget(run: Invariants.wav),
        "wire": FuzzTarget(run: Invariants.wire),
    ]
}
