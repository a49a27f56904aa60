//! Results that transformations share.

use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use local_delivery::render::{
    Choice, FileIdentity, Limits, Memo, OutputFormat, RenderError, render,
};

use crate::pictures::{jpeg, png};
use crate::rendered::{later, plan};

const TRANSFORMATIONS: [&str; 6] = [
    "q_auto",
    "c_fit,h_60,w_60",
    "c_fit,h_60,w_60/c_fill,h_20,w_20",
    "c_fit,h_60,w_60/c_fill,h_10,w_10/r_3",
    "c_crop,h_50,w_50,x_3,y_2/a_90/c_fit,w_30",
    "e_grayscale/w_300",
];

fn bytes(source: &[u8], transformation: &str, name: &str, memo: &Memo) -> Vec<u8> {
    let rendered = render(
        source,
        &FileIdentity::new(name),
        &plan(transformation).unwrap(),
        Choice::Fixed(OutputFormat::Png),
        memo,
        later(),
        &Limits::default(),
    );
    rendered.unwrap().bytes
}

#[test]
fn threads_share_one_decode() {
    let source = jpeg(120, 90);
    let expected = TRANSFORMATIONS.map(|text| bytes(&source, text, "a", &Memo::new(0)));
    let memo = Memo::new(10 << 20);
    let barrier = Barrier::new(24);
    thread::scope(|scope| {
        for index in 0..24 {
            let (source, expected, memo, barrier) = (&source, &expected, &memo, &barrier);
            scope.spawn(move || {
                barrier.wait();
                for step in 0..TRANSFORMATIONS.len() {
                    let index = (index + step) % TRANSFORMATIONS.len();
                    let actual = bytes(source, TRANSFORMATIONS[index], "a", memo);
                    assert!(actual == expected[index], "{}", TRANSFORMATIONS[index]);
                }
            });
        }
    });
    assert_eq!(memo.decodes(), 1);
    // Larger than its input: not kept.
    assert!(memo.bytes() < 120 * 90 * 3 * 2, "{}", memo.bytes());
}

#[test]
fn files_are_not_mixed_up() {
    let (first, second) = (png(30, 20), png(20, 30));
    let memo = Memo::new(1 << 20);
    for (source, name) in [(&first, "a"), (&second, "b"), (&first, "a")] {
        let expected = bytes(source, "c_fit,w_10", name, &Memo::new(0));
        assert_eq!(bytes(source, "c_fit,w_10", name, &memo), expected);
    }
    assert_eq!(memo.decodes(), 2);
}

/// The upright image and the stored one have different keys.
#[test]
fn ignored_orientation_is_part_of_the_key() {
    let source = png(30, 20);
    let memo = Memo::new(1 << 20);
    bytes(&source, "w_10", "a", &memo);
    bytes(&source, "a_ignore,w_10", "a", &memo);
    assert_eq!(memo.decodes(), 2);
    assert_ne!(
        plan("w_10").unwrap().key(),
        plan("a_ignore,w_10").unwrap().key()
    );
}

#[test]
fn memory_is_bounded() {
    let source = png(100, 100);
    let memo = Memo::new(100_000);
    for index in 0..20 {
        bytes(&source, "c_fit,w_50", &index.to_string(), &memo);
    }
    assert!(memo.bytes() <= 100_000, "{}", memo.bytes());
}

#[test]
fn errors_are_not_kept() {
    let memo = Memo::new(1 << 20);
    let call = |source: &[u8], deadline| {
        let plan = plan("w_10").unwrap();
        let choice = Choice::Fixed(OutputFormat::Png);
        let identity = FileIdentity::new("a");
        render(
            source,
            &identity,
            &plan,
            choice,
            &memo,
            deadline,
            &Limits::default(),
        )
        .map(|rendered| rendered.width)
    };
    let source = png(30, 20);
    assert_eq!(call(&source, Instant::now()), Err(RenderError::TimedOut));
    assert_eq!(call(b"no image", later()), Err(RenderError::NotAnImage));
    assert_eq!(call(&source, later()), Ok(10));
}
