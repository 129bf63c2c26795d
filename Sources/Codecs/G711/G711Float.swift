/// Constants that let a Float do G.711's arithmetic.
@usableFromInline enum G711Float {
    /// Exponent of 2^7 and, behind the place of four step bits, half a step.
    @usableFromInline static var template: UInt32 { @inlinable get { (127 + 7) &<< 23 | 1 &<< 18 } }
    /// 2^23: a Float from here to 2^24 has no fraction.
    @usableFromInline static var integer: Float { @inlinable get { 8_388_608 } }
}
