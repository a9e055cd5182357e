BEGIN TRANSACTION;
CREATE TABLE aliases (language TEXT NOT NULL, path TEXT NOT NULL, release INTEGER NOT NULL
    REFERENCES releases (key) ON DELETE CASCADE, PRIMARY KEY (language, path, release)) WITHOUT ROWID;
CREATE TABLE changes (key INTEGER PRIMARY KEY AUTOINCREMENT, language TEXT NOT NULL, terms TEXT NOT NULL,
    UNIQUE (language, terms));
INSERT INTO "changes" VALUES(1,'','*');
INSERT INTO "changes" VALUES(7,'en','');
INSERT INTO "changes" VALUES(8,'en','country/cn');
CREATE TABLE editions (key INTEGER PRIMARY KEY, release INTEGER NOT NULL REFERENCES releases (key) ON DELETE CASCADE,
    since INTEGER NOT NULL, until INTEGER NOT NULL, updated INTEGER NOT NULL, announces INTEGER NOT NULL,
    corrected INTEGER NOT NULL, withdrawn INTEGER NOT NULL, size INTEGER NOT NULL);
INSERT INTO "editions" VALUES(1,1,1622476800000000,4611686018427387904,1622476800000000,1,0,0,507);
INSERT INTO "editions" VALUES(3,3,1622649600000000,1624118400000000,1622649600000000,1,0,0,507);
INSERT INTO "editions" VALUES(4,3,1624118400000000,4611686018427387904,1624118400000000,1,0,1,577);
INSERT INTO "editions" VALUES(5,4,1622736000000000,4611686018427387904,1622736000000000,1,0,0,507);
INSERT INTO "editions" VALUES(6,5,1622822400000000,4611686018427387904,1622822400000000,1,0,0,507);
INSERT INTO "editions" VALUES(7,6,1625103000000000,4611686018427387904,1625103000000000,1,0,0,423);
CREATE TABLE files (path TEXT PRIMARY KEY, story TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
    changed INTEGER NOT NULL, inode INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE former (id TEXT PRIMARY KEY, story TEXT NOT NULL, path TEXT NOT NULL, model TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "former" VALUES('tag:example.org,2021-06-02:number-2','releases/2021/2021-06-02-number-2.yaml','2021/number-2','{"id":"tag:example.org,2021-06-02:number-2","slug":"number-2","language":"en","year":2021,"title":"Number 2","summary":"S.","published":"2021-06-02T00:00:00+08:00","body":"Body 2.","countries":["cn"]}');
CREATE TABLE kept (edition INTEGER PRIMARY KEY REFERENCES editions (key) ON DELETE CASCADE,
    atom BLOB NOT NULL, rss BLOB NOT NULL, json BLOB NOT NULL);
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('base_url','https://news.example.org');
INSERT INTO "meta" VALUES('generation','2');
INSERT INTO "meta" VALUES('pushed','https://hub.example.org/ https://news.example.org
30 512
1624536000000000');
INSERT INTO "meta" VALUES('seen_until','1624536000000000');
INSERT INTO "meta" VALUES('style','1.0.0 https://news.example.org {"newsroom": {"about": {"en": "About"}, "author": {"name": "Test office"}, "authority": "example.org,2020", "hub": "https://hub.example.org/", "languages": ["en"], "rights": {"en": "© Test office"}, "subtitle": {"en": "News"}, "time_zone": "Asia/Shanghai", "title": {"en": "Test office"}}, "terms": {"country": [{"labels": {"en": "China"}, "slug": "cn"}], "genre": [], "project": [], "topic": []}}');
INSERT INTO "meta" VALUES('vocabulary','{"newsroom": {"about": {"en": "About"}, "author": {"name": "Test office"}, "authority": "example.org,2020", "hub": "https://hub.example.org/", "languages": ["en"], "rights": {"en": "© Test office"}, "subtitle": {"en": "News"}, "time_zone": "Asia/Shanghai", "title": {"en": "Test office"}}, "terms": {"country": [{"labels": {"en": "China"}, "slug": "cn"}], "genre": [], "project": [], "topic": []}}');
CREATE TABLE outbox (path TEXT PRIMARY KEY, since INTEGER NOT NULL, due INTEGER NOT NULL, tries INTEGER NOT NULL)
    WITHOUT ROWID;
INSERT INTO "outbox" VALUES('/feeds/all.rss',1624536000000000,1624536001000000,2);
CREATE TABLE problems (story TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, column INTEGER NOT NULL,
    path TEXT NOT NULL, message TEXT NOT NULL, advice TEXT NOT NULL, fatal INTEGER NOT NULL);
INSERT INTO "problems" VALUES('-','data/releases/2021/2021-06-02-number-2.yaml',0,0,'','2021/number-2 was published, and is gone','subscribers keep it without a word: to take it back, bring the file back and write into it “withdrawn” with a date and a reason',0);
CREATE TABLE pushed (path TEXT PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO "pushed" VALUES('/feeds/all.atom',X'00112233445566778899AABBCCDDEEFF');
CREATE TABLE releases (key INTEGER PRIMARY KEY, story TEXT NOT NULL, id TEXT NOT NULL, language TEXT NOT NULL,
    path TEXT NOT NULL, published INTEGER NOT NULL, shadowed INTEGER NOT NULL DEFAULT 0, model TEXT NOT NULL);
INSERT INTO "releases" VALUES(1,'releases/2021/2021-06-01-number-1.yaml','tag:example.org,2021-06-01:number-1','en','2021/number-1',1622476800000000,0,'{"id":"tag:example.org,2021-06-01:number-1","slug":"number-1","language":"en","year":2021,"title":"Number 1","summary":"S.","published":"2021-06-01T00:00:00+08:00","body":"Body 1.","countries":["cn"]}');
INSERT INTO "releases" VALUES(3,'releases/2021/2021-06-03-number-3.yaml','tag:example.org,2021-06-03:number-3','en','2021/number-3',1622649600000000,0,'{"id":"tag:example.org,2021-06-03:number-3","slug":"number-3","language":"en","year":2021,"title":"Number 3","summary":"S.","published":"2021-06-03T00:00:00+08:00","body":"Body 3.","countries":["cn"],"withdrawn":{"date":"2021-06-20T00:00:00+08:00","reason":"Wrong."}}');
INSERT INTO "releases" VALUES(4,'releases/2021/2021-06-04-number-4.yaml','tag:example.org,2021-06-04:number-4','en','2021/number-4',1622736000000000,0,'{"id":"tag:example.org,2021-06-04:number-4","slug":"number-4","language":"en","year":2021,"title":"Number 4","summary":"S.","published":"2021-06-04T00:00:00+08:00","body":"Body 4.","countries":["cn"]}');
INSERT INTO "releases" VALUES(5,'releases/2021/2021-06-05-number-5.yaml','tag:example.org,2021-06-05:number-5','en','2021/number-5',1622822400000000,0,'{"id":"tag:example.org,2021-06-05:number-5","slug":"number-5","language":"en","year":2021,"title":"Number 5","summary":"S.","published":"2021-06-05T00:00:00+08:00","body":"Body 5.","countries":["cn"]}');
INSERT INTO "releases" VALUES(6,'releases/2021/2021-07-01-coming.yaml','tag:example.org,2021-07-01:coming','en','2021/coming',1625103000000000,0,'{"id":"tag:example.org,2021-07-01:coming","slug":"coming","language":"en","year":2021,"title":"Coming","summary":"S.","published":"2021-07-01T09:30:00+08:00"}');

CREATE TABLE tags (facet TEXT NOT NULL, slug TEXT NOT NULL, release INTEGER NOT NULL
    REFERENCES releases (key) ON DELETE CASCADE, PRIMARY KEY (facet, slug, release)) WITHOUT ROWID;
INSERT INTO "tags" VALUES('country','cn',1);
INSERT INTO "tags" VALUES('country','cn',3);
INSERT INTO "tags" VALUES('country','cn',4);
INSERT INTO "tags" VALUES('country','cn',5);
CREATE INDEX problems_by_story ON problems (story);
CREATE INDEX releases_by_story ON releases (story);
CREATE INDEX releases_by_id ON releases (id, shadowed);
CREATE INDEX releases_by_address ON releases (language, path, shadowed);
CREATE INDEX releases_by_date ON releases (language, published, id, shadowed);
CREATE INDEX releases_shadowed ON releases (key) WHERE shadowed;
CREATE INDEX tags_by_release ON tags (release);
CREATE INDEX aliases_by_release ON aliases (release);
CREATE INDEX editions_by_release ON editions (release, since, until, updated, announces, corrected, withdrawn, size);
CREATE INDEX editions_by_since ON editions (since);
CREATE INDEX editions_withdrawn ON editions (release, since) WHERE withdrawn;
CREATE INDEX outbox_by_due ON outbox (due, path);

DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('changes',8);
COMMIT;