/// What a conversation is told about its telephone line, besides the tenant's profile.
public struct ConversationLine: Sendable, Equatable {
    /// The agent says the announcement about recording itself: the provider's own verbs have not.
    public var announcesConsent = false
    /// How long the provider may take to move a call once it is told to, with the media up: the caller hears hold music.
    /// Zero: the media closes at once, and the provider's next verb moves the call.
    public var handOverTime: Duration = .zero
    /// The tenant's recordings on the call's shelf; nil plays nothing.
    public var holdMusic: Int32?
    public var filler: Int32?

    /// The provider acknowledges nothing: its marks come back by a model, and what was heard is an estimate.
    public var marksAreModelled = false

    public init() {}
}
