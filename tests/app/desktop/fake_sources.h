// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/conversation_source.h"
#include "desktop/models/session_source.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace luthien::test {

/// Sessions numbered from the newest, 0, to the oldest; each is made when asked for, so that a million cost nothing.
/// Requests wait until answer() is called.
class FakeSessions : public desktop::SessionSource
{
    Q_OBJECT

public:
    explicit FakeSessions(std::int64_t count)
        : m_count(count)
    {
    }

    void loadList(std::optional<store::Cursor> from) override;
    void loadRows(quint64 token, std::vector<store::Cursor> places) override;
    void loadSession(const std::string& id) override;
    void find(const desktop::SessionSearch& search) override;
    void check(const desktop::SessionSearch& search, const std::string& id) override;

    /// Which sessions every filter finds.
    void setMatch(std::function<bool(const store::SessionRow&)> matches) { m_matches = std::move(matches); }
    /// What the next request for the list, or the next search, is answered with.
    void failNext(const QString& error) { m_error = error; }
    /// The next single session that is asked for cannot be read.
    void failSession(const QString& error) { m_sessionError = error; }

    /// Answers what was asked, and what that leads to. Returns how many requests there were.
    int answer();
    [[nodiscard]] store::SessionRow session(std::int64_t number) const;
    /// As it was before it was changed.
    [[nodiscard]] store::SessionRow original(std::int64_t number) const;
    [[nodiscard]] std::optional<store::SessionRow> find(const std::string& id) const;
    /// The session as it is read from now on.
    void change(const store::SessionRow& session) { m_changed[session.id] = session; }
    /// It is not there from now on. \{
    void remove(std::int64_t number) { remove("session-" + std::to_string(number)); }
    void remove(const std::string& id);
    /// \}

private:
    /// In order of their places, newest first, from the one after a place on.
    [[nodiscard]] std::shared_ptr<desktop::LoadedSessions>
    run(std::optional<store::Cursor> from, std::size_t limit,
        const std::function<bool(const store::SessionRow&)>& wanted = {});

    std::int64_t m_count;
    QString m_error;
    QString m_sessionError;
    std::function<bool(const store::SessionRow&)> m_matches = [](const store::SessionRow&) { return true; };
    std::map<std::string, store::SessionRow> m_changed;
    std::set<std::string> m_removed;
    std::vector<std::function<void()>> m_pending;
};

/// One session whose calls each say "call N" in one paragraph, answered by "reply N". Requests wait until answer().
class FakeConversation : public desktop::ConversationSource
{
    Q_OBJECT

public:
    explicit FakeConversation(std::int64_t count)
        : m_count(count)
    {
    }

    void loadCalls(const desktop::CallsRequest& request) override;
    void loadCall(quint64 token, CallId call) override;
    void loadPlaces(quint64 token, const std::string& session, const desktop::CallScope& scope,
                    std::optional<store::Cursor> from) override;
    /// Every call is one WithTool, every hundredth one WithDecision; texts are found in the calls that say the number.
    void findCall(const desktop::CallSearch& search) override;
    void findTexts(const desktop::TextRequest& request) override;

    int answer();
    /// What the next page of calls is answered with.
    void failNext(const QString& error) { m_error = error; }
    [[nodiscard]] static CallId idOf(std::int64_t number);
    [[nodiscard]] static desktop::CallView call(std::int64_t number);
    /// So many calls are in the record from now on.
    void grow(std::int64_t count) { m_count = count; }
    /// What the record says of a call from now on.
    void setRecord(std::function<desktop::CallView()> make, CallId call) { m_records[call] = std::move(make); }
    [[nodiscard]] int callReads() const { return m_callReads; }

private:
    std::int64_t m_count;
    QString m_error;
    int m_callReads = 0;
    std::map<CallId, std::function<desktop::CallView()>> m_records;
    std::vector<std::function<void()>> m_pending;
};

} // namespace luthien::test
