/// A profile with every setting of how calls are taken, to break in tests.
enum ReachFixtures {
    static let full = """
        name: Test Company
        numbers: ["+12025550100"]
        time_zone: UTC
        greeting: Hello.
        greetings:
          es-US: Hola.
        emergency:
          words: [fire alarm]
          languages:
            es-US: [fuego]
        transfer:
          number: "+12025550142"
          brief: A caller for you.
        transfers:
          events:
            number: "+12025550143"
            say: To the events team.
        intents:
          - name: book
            phrases: [book a visit]
            say: Yes.
        hours:
          week:
            monday: ["09:00-12:30", "13:30-17:00"]
            saturday: ["22:00-02:00"]
          holidays: [2026-12-25, "2027-01-01"]
          closed:
            say: We are closed.
            then: voicemail
        menu:
          say: Press one, two or star.
          keys:
            "1": {say: Right., go: agent}
            2: {go: {transfer: events}}
            "3": {go: {transfer: "+12025550144"}}
            "*": {go: menu}
          timeout: 8s
          attempts: 3
          otherwise: hang_up
        voicemail:
          say: Please leave a message.
          maximum: 90s
          transcribe: true
        consent:
          kind: ask
          say: May we record this call?
        limits:
          calls: 4
          requests_per_minute: 120
        sound:
          filler_after: 2s
          comfort_noise: true
          tones: never
        mode: triage
        """

    static func full(replacing old: String, with new: String) -> String {
        full.replacingOccurrences(of: old, with: new)
    }
}
