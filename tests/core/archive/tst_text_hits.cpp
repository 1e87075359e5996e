// SPDX-License-Identifier: Apache-2.0
#include "archive/call_facts.h"
#include "archive/json_shapes.h"
#include "archive/text_hits.h"
#include "core/archive/filtered_past.h"
#include "filter/match.h"
#include "filter/parser.h"
#include "support/test_registry.h"

#include <QtTest>

#include <set>

namespace luthien::archive {

using luthien::test::kSampleNow;

class TestTextHits : public QObject
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
        m_past = std::make_unique<test::FilteredPast>(7, engine);
        std::vector<CallId> ids;
        for (int i = 0; i < 40; ++i)
            ids.push_back(m_past->record().id);
        m_reader = m_past->reader();
        QVERIFY(m_reader);
        for (const CallId& id : ids)
            m_calls.push_back(*factsOf(*m_reader, *m_reader->call(id), kAllNeeds));
    }

    /// What is found is what a filter for the same words finds by reading every call.
    void hitsAreInTheCallsThatAFilterFinds_data()
    {
        QTest::addColumn<std::string>("words");
        QTest::addColumn<std::string>("filter");
        QTest::addColumn<std::string>("only");
        const auto row = [](const char* words, const char* filter, const char* only = "") {
            QTest::addRow("%s in %s", words, *only != 0 ? only : "all calls")
                << std::string(words) << std::string(filter) << std::string(only);
        };
        row("permission", "text:permission");
        row("\"drop table\"", "text:\"drop table\"");
        row("DROP users", "said:drop said:users");
        row("migrat*", "text:migrat*");
        row("GRÖßE", "text:größe");
        row("\"rm f\"", "text:\"rm f\"");
        row("\"table drop\"", "text:\"table drop\"");
        row("production", "text:production model:claude*", "model:claude*");
        row("production", "text:production tool:Bash", "tool:Bash");
        row("denied", "result:denied -text:drop", "-text:drop");
    }
    void hitsAreInTheCallsThatAFilterFinds()
    {
        QFETCH(std::string, words);
        QFETCH(std::string, filter);
        QFETCH(std::string, only);
        std::set<std::string> expected;
        for (const filter::CallFacts& call : m_calls) {
            if (matches(*filter::parseFilter(filter), call, kSampleNow))
                expected.insert(call.id.toString());
        }
        for (const auto order : {store::FoundOrder::NewestFirst, store::FoundOrder::BestFirst}) {
            const auto hits = all({*filter::parseWordQuery(words), order, *filter::parseFilter(only), kSampleNow}, 3);
            std::set<std::string> found;
            for (const TextHit& hit : hits)
                found.insert(hit.call.toString());
            QCOMPARE(found, expected);
        }
    }

    void aSnippetShowsTheWords()
    {
        const auto hits = all({*filter::parseWordQuery("\"drop table\" größe"), {}, {}, kSampleNow}, 10);
        QVERIFY(!hits.empty());
        const TextHit& hit = hits.front();
        QCOMPARE(hit.kind, store::TextKind::Assistant);
        QCOMPARE(hit.snippet.text, std::string("I'll drop  TABLE\nusers now — sorry. Größe?"));
        QCOMPARE(hit.snippet.matched.size(), std::size_t{2});
        QCOMPARE(hit.snippet.text.substr(hit.snippet.matched[0].begin,
                                         hit.snippet.matched[0].end - hit.snippet.matched[0].begin),
                 std::string("drop  TABLE"));
        QCOMPARE(hit.snippet.text.substr(hit.snippet.matched[1].begin,
                                         hit.snippet.matched[1].end - hit.snippet.matched[1].begin),
                 std::string("Größe"));
        const std::string json = hitJson(hit);
        const QByteArray expected =
            "\"kind\":\"assistant\",\"snippet\":\"I'll drop  TABLE\\nusers now — sorry. Größe?\","
            "\"matched\":[{\"start\":5,\"end\":16},{\"start\":38,\"end\":45}]}";
        QVERIFY2(QByteArray::fromStdString(json).endsWith(expected), json.c_str());
    }

    void nothingIsFoundWhereNothingIs()
    {
        QVERIFY(all({*filter::parseWordQuery("thisisnowhere"), {}, {}, kSampleNow}, 10).empty());
    }

private:
    static constexpr auto kAllNeeds =
        filter::Needs::Session | filter::Needs::Decisions | filter::Needs::Reply | filter::Needs::Request;

    std::vector<TextHit> all(const TextHitQuery& query, std::uint32_t perPage)
    {
        std::vector<TextHit> hits;
        std::optional<store::Cursor> from;
        do {
            auto page = findHits(*m_reader, query, from, perPage);
            if (!page) {
                qCritical("%s", page.error().toString().c_str());
                return {};
            }
            hits.insert(hits.end(), page->items.begin(), page->items.end());
            from = page->next;
        } while (from);
        return hits;
    }

    QString m_engine;
    std::unique_ptr<test::FilteredPast> m_past;
    std::unique_ptr<store::Reader> m_reader;
    std::vector<filter::CallFacts> m_calls;
};

} // namespace luthien::archive

using luthien::archive::TestTextHits;
LUTHIEN_TEST(tst_text_hits, TestTextHits)
#include "tst_text_hits.moc"
