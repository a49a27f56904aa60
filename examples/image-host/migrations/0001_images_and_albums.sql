-- What both databases understand. A record is TEXT, not a database's JSON type:
-- the order of its keys goes out as it came in.
CREATE TABLE images (
    id TEXT NOT NULL PRIMARY KEY,
    -- Where the image stands in the host's list.
    position BIGINT NOT NULL UNIQUE,
    album_id TEXT,
    -- The image's facts, without its URLs, which are signed when asked for.
    record TEXT NOT NULL,
    -- The stored file at the delivery network; NULL while it is not there yet.
    asset_source TEXT,
    asset_resource_type TEXT,
    asset_delivery_type TEXT,
    asset_version BIGINT
);

CREATE TABLE album_access (
    user_id TEXT NOT NULL,
    album_id TEXT NOT NULL,
    PRIMARY KEY (user_id, album_id)
);
