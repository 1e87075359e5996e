// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/search_source.h"

#include <functional>
#include <vector>

namespace luthien::test {

/// So many hits, numbered from the newest. Requests wait until answer() is called; those a newer one overtook are never
/// answered.
class FakeSearch : public desktop::SearchSource
{
    Q_OBJECT

public:
    explicit FakeSearch(int count)
        : m_count(count)
    {
    }

    void search(const desktop::SearchRequest& request) override
    {
        m_newest = request.token;
        m_requests.push_back(request);
    }
    void cancel(quint64 token) override { m_newest = token; }

    /// How the next page ends, instead of with hits.
    void failNext(const QString& error) { m_error = error; }
    /// So many pages come without a hit before the first one.
    void beginEmpty(int pages) { m_emptyPages = pages; }
    void setCount(int count) { m_count = count; }
    void setUnindexed(std::int64_t calls) { m_unindexed = calls; }
    /// What every hit says.
    void setSnippet(const std::string& snippet, const std::vector<filter::TextSpan>& matched)
    {
        m_snippet = snippet;
        m_matched = matched;
    }
    [[nodiscard]] const std::vector<desktop::SearchRequest>& requests() const { return m_requests; }

    /// Answers the oldest request that is not answered. False = there is none.
    bool answerOne()
    {
        if (m_answered == m_requests.size())
            return false;
        const desktop::SearchRequest request = m_requests[m_answered++];
        if (request.token == m_newest)
            Q_EMIT hitsLoaded(page(request));
        return true;
    }
    int answer()
    {
        int answered = 0;
        while (answerOne())
            ++answered;
        return answered;
    }

private:
    std::shared_ptr<desktop::LoadedHits> page(const desktop::SearchRequest& request)
    {
        auto loaded = std::make_shared<desktop::LoadedHits>();
        loaded->token = request.token;
        loaded->unindexed = m_unindexed;
        loaded->error = std::exchange(m_error, {});
        const auto from = request.from ? static_cast<int>(request.from->row) : 0;
        if (m_emptyPages > 0 || !loaded->error.isEmpty()) {
            --m_emptyPages;
            loaded->next = store::Cursor{.micros = 1, .row = from};
            return loaded;
        }
        const int end = std::min(m_count, from + static_cast<int>(kPage));
        for (int number = from; number < end; ++number) {
            desktop::FoundHit found;
            found.hit.session = "session-" + std::to_string(number);
            found.hit.kind = store::TextKind::Result;
            found.hit.snippet = {.text = m_snippet, .matched = m_matched};
            found.title = QString::fromStdString("Title " + std::to_string(number));
            loaded->items.push_back(std::move(found));
        }
        if (end < m_count)
            loaded->next = store::Cursor{.micros = 1, .row = end};
        return loaded;
    }

    int m_count;
    int m_emptyPages = 0;
    std::int64_t m_unindexed = 0;
    quint64 m_newest = 0;
    QString m_error;
    std::string m_snippet = "some words";
    std::vector<filter::TextSpan> m_matched{{5, 10}};
    std::vector<desktop::SearchRequest> m_requests;
    std::size_t m_answered = 0;
};

} // namespace luthien::test
