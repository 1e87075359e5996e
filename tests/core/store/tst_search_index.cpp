// SPDX-License-Identifier: Apache-2.0
#include "core/store/searchable.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::store;
using namespace luthien::test;
using namespace Qt::Literals::StringLiterals;

namespace {
std::int64_t contentWith(const TestDatabase& test, std::size_t rawBytes)
{
    return test.ask(QStringLiteral("SELECT id FROM content WHERE raw_bytes = %1").arg(rawBytes));
}

bool takesAll(SearchIndex& index)
{
    auto more = index.advance(std::chrono::seconds(10));
    while (more && *more)
        more = index.advance(std::chrono::seconds(10));
    if (!more)
        qCritical("%s", more.error().toString().c_str());
    return more.hasValue();
}
} // namespace

class TestSearchIndex : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addEngines(); }

    void aMessageSentAgainIsTakenInOnce()
    {
        const TestDatabase test;
        const auto store = openSearchable(test);
        std::vector<std::string> messages;
        for (int turn = 0; turn < 5; ++turn) {
            messages.push_back("text:drop table number " + std::to_string(turn));
            ask(*store, "s", messages);
        }
        ask(*store, "other", {messages[0]});
        QVERIFY(isIndexed(*store));
        const auto reader = store->openReader();
        QCOMPARE(found(**reader, "drop table"),
                 QStringList({u"user: drop table number 4"_s, u"user: drop table number 3"_s,
                              u"user: drop table number 2"_s, u"user: drop table number 1"_s,
                              u"user: drop table number 0"_s, u"user: drop table number 0"_s}));
        QCOMPARE(found(**reader, "number 3"), QStringList({u"user: drop table number 3"_s}));
        QCOMPARE(found(**reader, "numb*").size(), 6);
        QCOMPARE(found(**reader, "table drop"), QStringList());
    }

    void whatIsCommittedIsFoundWithinASecond()
    {
        const TestDatabase test;
        const auto store = openSearchable(test);
        QElapsedTimer timer;
        const auto sink = store->makeSink(0);
        RecordedCall call(*sink, "s");
        const Body body({"text:quickly"});
        timer.start();
        call.request(body.bytes, body.spans); // the call goes on
        const auto reader = store->openReader();
        QTRY_COMPARE(found(**reader, "quickly"), QStringList({u"user: quickly"_s}));
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        call.end();
    }

    void whatAnEarlierProgramRecordedIsTakenIn()
    {
        const TestDatabase test;
        {
            const auto store = openSearchable(test, {}); // one that knows no texts
            for (int i = 0; i < 250; ++i)
                ask(*store, "s" + std::to_string(i % 3), {"text:old word" + std::to_string(i)});
            QVERIFY(store->flush(std::chrono::seconds(20)));
            QCOMPARE(*(*store->openReader())->countUnindexed(1000), 250);
        }
        const auto store = openSearchable(test);
        QVERIFY(isIndexed(*store));
        const auto reader = store->openReader();
        QCOMPARE(found(**reader, "old", FoundOrder::NewestFirst, 100).size(), 250);
        QCOMPARE(found(**reader, "word249"), QStringList({u"user: old word249"_s}));
    }

    /// Each commit of a turn may be the last before a crash: no text is missing then, and none is there twice.
    void aCrashLosesNothingAndDoublesNothing()
    {
        const TestDatabase test;
        {
            const auto store = openSearchable(test, {});
            ask(*store, "s", {"text:one", "text:two", "text:three"});
            ask(*store, "s", {"text:one", "text:two", "text:three", "text:four"});
            QVERIFY(store->flush(std::chrono::seconds(20)));
        }
        int turns = 0;
        for (bool more = true; more; ++turns) { // a process each, that has time for one content
            const auto database = writable(test);
            QVERIFY(database);
            SearchIndex index(**database, plainTexts);
            const auto taken = index.advance(std::chrono::milliseconds(0));
            QVERIFY2(taken, taken ? "" : taken.error().toString().c_str());
            more = *taken;
            if (turns == 1) { // and one that is cut off within
                QVERIFY((*database)->begin());
                QVERIFY((*database)->run(QStringLiteral("DELETE FROM mention")));
            }
        }
        QVERIFY2(turns > 4, qPrintable(QString::number(turns)));
        const auto reader = Reader::open(test.location());
        for (const char* const word : {"one", "two", "three", "four"})
            QCOMPARE(found(**reader, word), QStringList({QStringLiteral("user: ") + QLatin1String(word)}));
    }

    void whatIsRemovedIsGone()
    {
        const TestDatabase test;
        {
            const auto store = openSearchable(test);
            ask(*store, "s", {"text:secretword drop"});
            ask(*store, "t", {"text:other drop"});
            QVERIFY(isIndexed(*store));
        }
        const std::string bytes = "text:secretword drop";
        const std::int64_t content = contentWith(test, bytes.size());
        const std::int64_t call = test.ask(QStringLiteral("SELECT min(id) FROM call"));
        const auto database = writable(test);
        SearchIndex index(**database, plainTexts);
        QVERIFY((*database)->begin());
        QVERIFY(index.forget(call));
        QVERIFY(index.remove(content, bytes));
        QVERIFY(index.remove(content, bytes)); // no more there
        QVERIFY((*database)->commit());
        for (auto more = index.merge(); more && *more;)
            more = index.merge();
        const auto reader = Reader::open(test.location());
        QCOMPARE(found(**reader, "drop"), QStringList({u"user: other drop"_s}));
        QCOMPARE(found(**reader, "secretword"), QStringList());
        if (test.isSqlite()) {
            QVERIFY((*database)->run(QStringLiteral("INSERT INTO search_words (search_words) VALUES "
                                                    "('integrity-check')")));
            QCOMPARE(test.ask(QStringLiteral("SELECT count(*) FROM search_words_data WHERE instr(block, CAST("
                                             "'secretword' AS BLOB))")),
                     0);
        }
        QCOMPARE(test.ask(QStringLiteral("SELECT count(*) FROM search_content WHERE content_id = %1").arg(content)), 0);
    }

    /// A later program may read texts otherwise. Words that it does not know of must not stay behind.
    void whatIsReadOtherwiseIsRemovedAllTheSame()
    {
        const TestDatabase test;
        {
            const auto store = openSearchable(test);
            ask(*store, "s", {"text:first"});
            for (int i = 0; i < 250; ++i)
                ask(*store, "s", {"text:second"});
            QVERIFY(isIndexed(*store));
        }
        const auto database = writable(test);
        SearchIndex index(**database, [](const ContentSource&, std::string_view bytes) {
            return std::vector<SearchText>{{TextKind::User, "anew " + std::string(bytes)}};
        });
        const std::int64_t content = contentWith(test, 10);
        QVERIFY((*database)->begin());
        QVERIFY(index.remove(content, "text:first"));
        QVERIFY((*database)->run(QStringLiteral("DELETE FROM content WHERE raw_bytes = 10")));
        QVERIFY((*database)->commit());
        // Calls wait again a few at a time, over as many transactions as that takes.
        const auto waiting = [&] { return test.ask(QStringLiteral("SELECT count(*) FROM call WHERE unindexed = 3")); };
        QCOMPARE(waiting(), 0);
        QVERIFY(index.merge());
        QVERIFY(waiting() < 251);
        QVERIFY(takesAll(index));
        const auto reader = Reader::open(test.location());
        QCOMPARE(found(**reader, "first"), QStringList());
        QCOMPARE(found(**reader, "second"), QStringList({u"user: second"_s}));
    }

    /// However many words there are, nobody who writes waits long; and whoever ends in between goes on from there.
    void theIndexIsMadeAnewALittleAtATime()
    {
        const TestDatabase test;
        {
            const auto store = openSearchable(test);
            ask(*store, "s", {"text:first"});
            ask(*store, "s", {"text:second"});
            QVERIFY(isIndexed(*store));
        }
        if (!test.isSqlite())
            return; // there words are taken out by their number
        const auto database = writable(test);
        const QString schema = QStringLiteral("SELECT sql FROM sqlite_schema ORDER BY name");
        const QStringList before = test.texts({schema});
        const QString numbers = QStringLiteral("WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n "
                                               "WHERE i < 9999) ");
        for (const char* const insert :
             {"INSERT INTO search_words (rowid, words) SELECT i * 8, 'word' || i || ' and more' FROM n",
              "INSERT INTO search_content SELECT i, 0, 1, 0, 0 FROM n", "INSERT INTO mention SELECT i, 1 FROM n"})
            QVERIFY((*database)->run(numbers + QLatin1String(insert)));
        QVERIFY((*database)->begin());
        QVERIFY(IndexRenewal(**database).start());
        QVERIFY((*database)->commit());
        const auto changes = [&] { return (*database)->number(u"SELECT total_changes()"_s).value().value_or(-1); };
        int steps = 0;
        for (bool more = true; more; ++steps) {
            const std::int64_t changed = changes();
            const auto done = IndexRenewal(**database).advance();
            QVERIFY2(done, done ? "" : done.error().toString().c_str());
            more = *done;
            QVERIFY(changes() - changed <= 2'500);
        }
        QVERIFY(steps > 15);
        QCOMPARE(test.texts({schema}), before);
        QCOMPARE(test.ask(u"SELECT (SELECT count(*) FROM search_content) + (SELECT count(*) FROM mention)"_s), 0);
        SearchIndex index(**database, plainTexts);
        QVERIFY(takesAll(index));
        const auto reader = Reader::open(test.location());
        QCOMPARE(found(**reader, "second"), QStringList({u"user: second"_s}));
        QCOMPARE(found(**reader, "word5000"), QStringList());
        QVERIFY((*database)->run(u"INSERT INTO search_words (search_words) VALUES ('integrity-check')"_s));
    }

    void aTextThatIsRefusedStopsNoOther()
    {
        const TestDatabase test;
        {
            const auto store = openSearchable(test, {});
            for (const char* const word : {"text:before", "text:bad", "text:after"})
                ask(*store, "s", {word});
            QVERIFY(store->flush(std::chrono::seconds(20)));
        }
        const std::int64_t bad = contentWith(test, 8);
        QVERIFY(test.refuse(QStringLiteral("INSERT"), QStringLiteral("search_content"),
                            QStringLiteral("new.content_id = %1").arg(bad)));
        const auto store = openSearchable(test);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("takes no words of a call")));
        QVERIFY(isIndexed(*store));
        const auto reader = store->openReader();
        QCOMPARE(found(**reader, "before").size() + found(**reader, "after").size(), 2);
        // Whoever asks for texts looks at that call himself.
        QCOMPARE(test.ask(QStringLiteral("SELECT count(*) FROM call WHERE unindexed = 4")), 1);
    }

    /// Messages of which only a later look tells that they were sent before.
    void aCorrectedCallIsReadOnceMore()
    {
        const TestDatabase test;
        const auto store = openSearchable(test);
        const auto sink = store->makeSink(0);
        const Body body({"text:same"});
        RecordedCall late(*sink, "s", fromMicros(2'000'000));
        late.request(body.bytes, body.spans);
        late.end();
        QVERIFY(isIndexed(*store));
        RecordedCall early(*sink, "s", fromMicros(1'000'000));
        early.request(body.bytes, body.spans);
        early.end();
        QVERIFY(isIndexed(*store));
        const auto reader = store->openReader();
        const std::vector<filter::Phrase> phrases{filter::phraseFrom("same")};
        const auto page = (*reader)->findTexts({.phrases = phrases}, std::nullopt, 10);
        QVERIFY(page);
        QCOMPARE(page->items.size(), std::size_t{1});
        QVERIFY(page->items[0].call == early.id());
    }

    void phrasesAreFoundInTextsWithoutPlaces()
    {
        const TestDatabase test;
        const auto store = openSearchable(test);
        std::string text = "text:";
        for (int i = 0; i < 300; ++i)
            text += "the x" + std::to_string(i) + ' ';
        ask(*store, "s", {text + "needle here"});
        QVERIFY(isIndexed(*store));
        const auto reader = store->openReader();
        QCOMPARE(found(**reader, "the x299 needle").size(), 1);
        QCOMPARE(found(**reader, "x298 the x29*").size(), 1);
    }

    void whatIsSearchedForIsNeverRun_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("operators of FTS5") << QByteArray("a OR b NEAR(c) NOT ^d {e}: f -g");
        QTest::newRow("operators of a TSQUERY") << QByteArray("!a | b & (c <-> d):*ABCD");
        QTest::newRow("quotes") << QByteArray("\"'\"\"''\\\"x\\' y");
        QTest::newRow("U+0000 and other signs") << QByteArray("a\0b\x01\x7f c", 8);
        QTest::newRow("no UTF-8") << QByteArray("\xff\xc3 a \xed\xa0\x80");
        QTest::newRow("SQL") << QByteArray("x'); DROP TABLE call; --");
        QTest::newRow("a word as long as a query") << QByteArray(4096, 'z') + "*";
        QTest::newRow("two thousand words") << QByteArray("q ").repeated(2048);
        QTest::newRow("letters of other scripts") << QByteArray("हिन्दी 漢字 עברית a\xcc\x81 \xee\x80\x80");
    }
    void whatIsSearchedForIsNeverRun()
    {
        QFETCH(QByteArray, words);
        const TestDatabase test;
        const auto store = openSearchable(test);
        ask(*store, "s", {"text:" + words.toStdString() + " end"});
        ask(*store, "s", {"text:something else"});
        QVERIFY(isIndexed(*store));
        const auto reader = store->openReader();
        QCOMPARE(found(**reader, words.toStdString()).size(), 1);
        QCOMPARE(test.ask(QStringLiteral("SELECT count(*) FROM call")), 2);
    }
};

LUTHIEN_TEST(tst_search_index, TestSearchIndex)
#include "tst_search_index.moc"
