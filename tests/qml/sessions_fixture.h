// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/filter_input.h"
#include "desktop/controllers/saved_filters.h"
#include "desktop/controllers/session_actions.h"
#include "desktop/models/search_model.h"
#include "desktop/window_parts.h"
#include "fake_search.h"
#include "fake_sources.h"

#include <QObject>

/// What the list of sessions and the search show in tests: writes reach the fake record, and what it answers the list.
class SessionsFixture : public QObject
{
    Q_OBJECT
    Q_PROPERTY(luthien::desktop::SessionSelection* selection READ selection CONSTANT)
    Q_PROPERTY(luthien::desktop::SessionActions* actions READ actions CONSTANT)
    Q_PROPERTY(luthien::desktop::FilterInput* filter READ filter CONSTANT)
    Q_PROPERTY(luthien::desktop::SavedFilters* savedFilters READ savedFilters CONSTANT)
    Q_PROPERTY(luthien::desktop::SearchModel* search READ search CONSTANT)
    Q_PROPERTY(luthien::desktop::FilterInput* searchFilter READ searchFilter CONSTANT)

public:
    SessionsFixture(luthien::test::FakeSessions& source, luthien::desktop::SessionsModel& sessions,
                    luthien::desktop::Clipboard& clipboard, const QString& directory, const QString& hostile)
        : m_source(source)
        , m_sessions(sessions)
        , m_selection(sessions)
        , m_actions(m_selection, clipboard, writes())
        , m_filter(m_values)
        , m_savedFilters(directory + QStringLiteral("/window.ini"))
        , m_searchFilter(m_values)
    {
        m_values.add("model", "gpt-5");
        m_values.add("model", hostile.toStdString());
        connect(&m_filter, &luthien::desktop::FilterInput::filterChanged, this,
                [this] { m_sessions.setFilter(m_filter.filter()); });
        connect(&m_searchFilter, &luthien::desktop::FilterInput::filterChanged, this,
                [this] { m_search.setFilter(m_searchFilter.filter()); });
        const std::string text = hostile.toStdString();
        m_searchSource.setSnippet(text + " words", {{0, 4}, {text.size() + 1, text.size() + 6}});
    }

    [[nodiscard]] luthien::desktop::SessionSelection* selection() { return &m_selection; }
    [[nodiscard]] luthien::desktop::SessionActions* actions() { return &m_actions; }
    [[nodiscard]] luthien::desktop::FilterInput* filter() { return &m_filter; }
    [[nodiscard]] luthien::desktop::SavedFilters* savedFilters() { return &m_savedFilters; }
    [[nodiscard]] luthien::desktop::SearchModel* search() { return &m_search; }
    [[nodiscard]] luthien::desktop::FilterInput* searchFilter() { return &m_searchFilter; }

    void nameParts(luthien::desktop::WindowParts& parts)
    {
        parts.selection = &m_selection;
        parts.sessionActions = &m_actions;
        parts.sessionFilter = &m_filter;
        parts.savedFilters = &m_savedFilters;
        parts.search = &m_search;
        parts.searchFilter = &m_searchFilter;
    }

    /// Filters find the sessions whose id ends so.
    Q_INVOKABLE void match(const QString& ending)
    {
        m_source.setMatch([end = ending.toStdString()](const auto& row) { return row.id.ends_with(end); });
    }
    Q_INVOKABLE void failNext(const QString& error) { m_source.failNext(error); }
    Q_INVOKABLE void answerSearch() { m_searchSource.answer(); }
    Q_INVOKABLE void failNextSearch(const QString& error) { m_searchSource.failNext(error); }
    Q_INVOKABLE void setHits(int count) { m_searchSource.setCount(count); }

private:
    luthien::desktop::SessionWrites writes()
    {
        using luthien::store::WriteDone;
        return {.mark =
                    [this](const std::string& id, const luthien::store::SessionMarks& marks, const WriteDone& done) {
                        auto row = *m_source.find(id);
                        row.isPinned = marks.pinned.value_or(row.isPinned);
                        row.label = marks.label.value_or(row.label);
                        row.note = marks.note.value_or(row.note);
                        m_source.change(row);
                        m_source.loadSession(id);
                        done({});
                    },
                .remove =
                    [this](const std::string& id, const WriteDone& done) {
                        m_source.remove(id);
                        m_source.loadSession(id);
                        done({});
                    }};
    }

    luthien::test::FakeSessions& m_source;
    luthien::desktop::SessionsModel& m_sessions;
    luthien::SystemClock m_clock;
    luthien::desktop::KnownValues m_values;
    luthien::desktop::SessionSelection m_selection;
    luthien::desktop::SessionActions m_actions;
    luthien::desktop::FilterInput m_filter;
    luthien::desktop::SavedFilters m_savedFilters;
    luthien::test::FakeSearch m_searchSource{120};
    luthien::desktop::SearchModel m_search{m_searchSource, m_clock};
    luthien::desktop::FilterInput m_searchFilter;
};
