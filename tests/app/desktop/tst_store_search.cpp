// SPDX-License-Identifier: Apache-2.0
#include "archive/read_texts.h"
#include "desktop/store_search.h"
#include "store/store.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

using namespace luthien;
using namespace Qt::StringLiterals;
using luthien::desktop::LoadedHits;
using luthien::desktop::ReaderThread;
using luthien::desktop::SearchRequest;
using luthien::desktop::SearchSource;
using luthien::desktop::StoreSearch;
using Loaded = std::shared_ptr<const LoadedHits>;

/// Texts as a real store's index finds them, through its reader thread.
class TestStoreSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto opened = store::Store::open(
            {.directory = m_directory.path().toStdString(), .ballastBytes = 0, .readTexts = archive::readTexts});
        QVERIFY(opened.hasValue());
        m_store = *std::move(opened);
        for (int i = 0; i < kCount; ++i)
            record(i);
        QVERIFY(m_store->flush(std::chrono::seconds(20)).hasValue());
        m_searcher = std::make_unique<ReaderThread>([this] { return m_store->openReader(); });
        m_search = std::make_unique<StoreSearch>(*m_searcher);
        connect(m_search.get(), &StoreSearch::hitsLoaded, this, [this](const Loaded& loaded) { m_last = loaded; });
    }

    void cleanupTestCase()
    {
        m_searcher.reset();
        m_search.reset();
    }

    void findsByPagesWithTheSessionsTitle()
    {
        SearchRequest request = requestFor("needle");
        // The index is written beside the record, soon after it.
        QTRY_VERIFY_WITH_TIMEOUT(ask(request).unindexed == 0, 20'000);
        const LoadedHits first = ask(request);
        QCOMPARE(first.error, QString());
        QCOMPARE(first.items.size(), std::size_t{SearchSource::kPage});
        QVERIFY(first.next.has_value());
        QVERIFY(first.items[0].title.startsWith(u"A needle"_s));
        request.from = first.next;
        const LoadedHits second = ask(request);
        QCOMPARE(second.items.size(), std::size_t{kCount} - SearchSource::kPage);
        QVERIFY(!second.next);
        QCOMPARE(ask(requestFor("nothing")).items.size(), std::size_t{0});
    }

    void theNewestSearchWins()
    {
        SearchRequest request = requestFor("needle");
        m_last.reset();
        for (int i = 0; i < 50; ++i) {
            request.token = ++m_token;
            m_search->search(request);
        }
        QTRY_VERIFY(m_last && m_last->token == m_token);
        QCOMPARE(m_last->error, QString());
    }

private:
    void record(int number)
    {
        const auto sink = m_store->makeSink(number);
        const TimePoint at = fromMicros(1'790'000'000'000'000 + number);
        const CallId id = CallId::make(at);
        const std::string said = "A needle in stack " + std::to_string(number);
        const std::string body =
            R"({"model":"m","messages":[)" + std::string(R"({"role":"user","content":")") + said + "\"}]}";
        sink->opened({.call = id,
                      .at = at,
                      .identity = {.session = "session-" + std::to_string(number), .client = "sample"},
                      .api = conversation::Api::OpenAiChat,
                      .path = "/v1/chat/completions",
                      .preview = said});
        const auto begin = static_cast<std::uint32_t>(body.find('[') + 1);
        const std::vector<conversation::Span> messages{{begin, static_cast<std::uint32_t>(body.size() - 2 - begin)}};
        sink->request({.call = id, .at = at, .head = "{}", .body = body, .messages = messages});
        conversation::CallEnded end{.call = id, .httpStatus = 200};
        end.seq = 1;
        end.at = at + std::chrono::milliseconds(1);
        sink->ended(end);
    }

    SearchRequest requestFor(std::string_view words)
    {
        return {.token = ++m_token,
                .query = {.words = *filter::parseWordQuery(words), .filter = {}, .now = SystemClock().now()},
                .from = {}};
    }

    LoadedHits ask(SearchRequest request)
    {
        request.token = ++m_token;
        m_last.reset();
        m_search->search(request);
        const auto answered = [this] { return m_last != nullptr; };
        if (!QTest::qWaitFor(answered, 20'000))
            return {.error = u"no answer"_s};
        return *m_last;
    }

    static constexpr int kCount = 60;
    QTemporaryDir m_directory;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<ReaderThread> m_searcher;
    std::unique_ptr<StoreSearch> m_search;
    quint64 m_token = 0;
    Loaded m_last;
};

LUTHIEN_TEST(tst_store_search, TestStoreSearch)
#include "tst_store_search.moc"
