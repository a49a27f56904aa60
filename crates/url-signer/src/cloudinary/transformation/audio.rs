//! Parameters of the sound of a video, and of audio files.

use super::macros::{from_numbers, open_set};

open_set! {
    /// An audio codec.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{AudioCodec, AudioFrequency, Step};
    ///
    /// let sound = Step::new().audio_codec(AudioCodec::AAC).audio_frequency(44_100);
    /// assert_eq!(sound.to_string(), "ac_aac,af_44100");
    /// let silent = Step::new().audio_codec(AudioCodec::NONE);
    /// assert_eq!(silent.to_string(), "ac_none");
    /// ```
    AudioCodec {
        NONE = "none", "Removes the sound";
        AAC = "aac", "Encodes as AAC";
        MP3 = "mp3", "Encodes as MP3";
        OPUS = "opus", "Encodes as Opus";
        VORBIS = "vorbis", "Encodes as Vorbis";
    }
}

open_set! {
    /// The sampling frequency of the sound, in hertz.
    AudioFrequency {
        INITIAL = "iaf", "Keeps the frequency of the original";
    }
}

from_numbers! { AudioFrequency }
