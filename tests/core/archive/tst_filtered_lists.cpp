// SPDX-License-Identifier: Apache-2.0
#include "archive/call_facts.h"
#include "archive/filtered_lists.h"
#include "core/archive/filtered_past.h"
#include "core/filter/random_filter.h"
#include "filter/parser.h"
#include "support/test_registry.h"

#include <QtTest>

#include <map>
#include <set>

namespace luthien::archive {

using filter::CallFacts;
using luthien::test::kSampleNow;

namespace {
constexpr auto kAllNeeds =
    filter::Needs::Session | filter::Needs::Decisions | filter::Needs::Reply | filter::Needs::Request;

/// Every id of every page, in order.
template <typename NextPage, typename IdOf>
std::vector<std::string> idsOf(NextPage nextPage, IdOf idOf)
{
    std::vector<std::string> ids;
    std::optional<store::Cursor> from;
    do {
        const auto page = nextPage(from);
        if (!page) {
            ids.push_back(page.error().toString());
            break;
        }
        for (const auto& row : page->items)
            ids.push_back(idOf(row));
        from = page->next;
    } while (from);
    return ids;
}

template <typename NextPage, typename IdOf>
std::set<std::string> idSet(NextPage nextPage, IdOf idOf)
{
    const auto ids = idsOf(nextPage, idOf);
    return {ids.begin(), ids.end()};
}
} // namespace

class TestFilteredLists : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void init()
    {
        QFETCH_GLOBAL(QString, engine);
        if (engine == m_engine)
            return;
        m_engine = engine;
        m_reader.reset();
        m_calls.clear();
        m_past = std::make_unique<test::FilteredPast>(5, engine);
        std::vector<CallId> ids;
        for (int i = 0; i < 60; ++i)
            ids.push_back(m_past->record().id);
        m_reader = m_past->reader();
        QVERIFY(m_reader);
        for (const CallId& id : ids)
            m_calls.push_back(*factsOf(*m_reader, *m_reader->call(id), kAllNeeds));
    }

    /// The database and what is decided in memory after it together find what matches() finds, whatever is asked.
    void databaseAndMemoryAgree()
    {
        luthien::test::RandomFilter random(11);
        int exact = 0;
        const int filters = m_engine == QLatin1String("sqlite") ? 400 : 100; // a server takes its time for so many
        for (int i = 0; i < filters; ++i) {
            const std::string text = random.next(2);
            const auto expression = filter::parseFilter(text);
            QVERIFY2(expression, text.c_str());
            exact += m_reader->condition(*expression, filter::SqlRows::Calls, kSampleNow).isExact ? 1 : 0;
            FilteredLists lists(*m_reader, *expression, kSampleNow, std::chrono::hours(1));
            QVERIFY2(checkCalls(lists, *expression), text.c_str());
            QVERIFY2(checkSessions(lists, *expression), text.c_str());
            QVERIFY2(checkDecisions(lists, *expression), text.c_str());
        }
        QVERIFY2(exact > filters / 5, "the database decides little of what it could");
    }

    /// The index leaves calls out that do not have the words, so that nobody has to read what was said in them.
    void wordsAreLookedUp_data()
    {
        QTest::addColumn<std::string>("text");
        for (const char* const text : {"text:thisisnowhere", "text:permission", "asked:migrations", "result:denied",
                                       "said:users", "thinking:production", "\"rm f\"", "text:gröss*", "said:denied"})
            QTest::newRow(text) << std::string(text);
    }
    void wordsAreLookedUp()
    {
        QFETCH(std::string, text);
        const auto expression = filter::parseFilter(text);
        const auto where = m_reader->condition(*expression, filter::SqlRows::Calls, kSampleNow);
        std::set<std::string> expected;
        std::set<std::string> read;
        for (const CallFacts& call : m_calls) {
            if (matches(*expression, call, kSampleNow))
                expected.insert(call.id.toString());
        }
        for (const char session : {'a', 'b', 'c', 'd', 'e'})
            read.merge(idSet(
                [&](auto from) {
                    return m_reader->callsOfSession(std::string("derived:") + session, store::Order::Ascending, from,
                                                    100, &where);
                },
                [](const store::CallRow& row) { return row.id.toString(); }));
        QCOMPARE(read, expected);
    }

    void aPageThatTakesTooLongGoesOnLater()
    {
        const auto expression = filter::parseFilter("text~/thisisnowhere/");
        FilteredLists lists(*m_reader, *expression, kSampleNow, std::chrono::milliseconds(0));
        std::optional<store::Cursor> from;
        int pages = 0;
        do {
            const auto page = lists.callsOfSession("derived:a", from, 10);
            QVERIFY(page && page->items.empty());
            from = page->next;
            ++pages;
        } while (from);
        QVERIFY(pages > 1);
    }

    void aSessionThatTakesTooLongDoesNotEndTheList()
    {
        const auto expression = filter::parseFilter("text~/thisisnowhere/");
        FilteredLists lists(*m_reader, *expression, kSampleNow, std::chrono::milliseconds(0));
        const auto ids = idsOf([&](auto from) { return lists.sessions(from, 50); },
                               [](const store::SessionRow& row) { return row.id; });
        const auto all = idsOf([&](auto from) { return m_reader->sessions(from, 50); },
                               [](const store::SessionRow& row) { return row.id; });
        QCOMPARE(ids, all); // none is known not to match
    }

private:
    bool checkCalls(FilteredLists& lists, const filter::Expression& expression)
    {
        std::set<std::string> expected;
        std::set<std::string> found;
        for (const CallFacts& call : m_calls) {
            if (matches(expression, call, kSampleNow))
                expected.insert(call.id.toString());
        }
        for (const char session : {'a', 'b', 'c', 'd', 'e'})
            found.merge(
                idSet([&](auto from) { return lists.callsOfSession(std::string("derived:") + session, from, 7); },
                      [](const store::CallRow& row) { return row.id.toString(); }));
        return found == expected;
    }
    bool checkSessions(FilteredLists& lists, const filter::Expression& expression)
    {
        std::set<std::string> expected;
        for (const CallFacts& call : m_calls) {
            if (matches(expression, call, kSampleNow))
                expected.insert(call.identity.session);
        }
        return expected == idSet([&](auto from) { return lists.sessions(from, 2); },
                                 [](const store::SessionRow& row) { return row.id; });
    }
    bool checkDecisions(FilteredLists& lists, const filter::Expression& expression)
    {
        std::set<std::string> expected;
        for (const CallFacts& call : m_calls) {
            for (const auto& decision : call.decisions) {
                if (matches(expression, call, decision, kSampleNow))
                    expected.insert(decision.id.toString());
            }
        }
        return expected == idSet([&](auto from) { return lists.decisions({}, from, 9); },
                                 [](const store::DecisionRow& row) { return row.decision.id.toString(); });
    }

    QString m_engine;
    std::unique_ptr<test::FilteredPast> m_past;
    std::unique_ptr<store::Reader> m_reader;
    std::vector<CallFacts> m_calls;
};

} // namespace luthien::archive

using luthien::archive::TestFilteredLists;
LUTHIEN_TEST(tst_filtered_lists, TestFilteredLists)
#include "tst_filtered_lists.moc"
