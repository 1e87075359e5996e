// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/appearance.h"
#include "desktop/controllers/notices.h"
#include "desktop/controllers/proxy_status.h"
#include "desktop/controllers/setting_parts.h"
#include "desktop/controllers/window_state.h"
#include "desktop/models/command_book.h"
#include "desktop/models/session_titles.h"
#include "desktop/window_parts.h"
#include "fake_sources.h"

#include <QDBusConnection>
#include <QObject>
#include <QTemporaryDir>

/// What frame and settings show: real settings in a file of their own, a proxy that only has a switch.
class ShellFixture : public QObject
{
    Q_OBJECT
    Q_PROPERTY(luthien::desktop::CommandBook* book READ book CONSTANT)
    Q_PROPERTY(luthien::desktop::SessionTitles* titles READ titles CONSTANT)
    Q_PROPERTY(luthien::desktop::WindowState* state READ state CONSTANT)
    Q_PROPERTY(luthien::desktop::SettingParts* settings READ settings CONSTANT)
    Q_PROPERTY(luthien::desktop::Notices* notices READ notices CONSTANT)
    Q_PROPERTY(luthien::desktop::Appearance* appearance READ appearance CONSTANT)
    Q_PROPERTY(luthien::desktop::ProxyStatus* proxy READ proxy CONSTANT)
    Q_PROPERTY(bool portTaken MEMBER m_isPortTaken)
    Q_PROPERTY(bool evidenceBroken MEMBER m_isEvidenceBroken)

public:
    /// Where the text comes from that loads something if it is taken for markup.
    explicit ShellFixture(const QString& hostile)
        : m_hostile(hostile.toStdString())
        , m_source(config(), file("settings.yaml"))
    {
        m_proxy.setAddress(QStringLiteral("127.0.0.1:4000"));
        m_proxy.setSwitch({.pause = [this] { m_isPaused = true; },
                           .resume = [this]() -> luthien::Result<void> {
                               if (m_isPortTaken)
                                   return luthien::Error{.code = luthien::ErrorCode::Conflict, .message = m_hostile};
                               m_isPaused = false;
                               return {};
                           },
                           .isPaused = [this] { return m_isPaused; }});
    }

    [[nodiscard]] luthien::desktop::CommandBook* book() { return &m_book; }
    [[nodiscard]] luthien::desktop::SessionTitles* titles() { return &m_titles; }
    /// Session 1 is known by the hostile text.
    Q_INVOKABLE void answerTitles()
    {
        luthien::store::SessionRow session = m_sessions.session(1);
        session.label = m_hostile;
        m_sessions.change(session);
        m_sessions.answer();
    }
    [[nodiscard]] luthien::desktop::WindowState* state() { return &m_state; }
    [[nodiscard]] luthien::desktop::SettingParts* settings() { return &m_settings; }
    [[nodiscard]] luthien::desktop::Notices* notices() { return &m_notices; }
    [[nodiscard]] luthien::desktop::Appearance* appearance() { return &m_appearance; }
    [[nodiscard]] luthien::desktop::ProxyStatus* proxy() { return &m_proxy; }
    void nameParts(luthien::desktop::WindowParts& parts)
    {
        parts.commands = &m_book;
        parts.sessionTitles = &m_titles;
        parts.windowState = &m_state;
        parts.settings = &m_settings;
        parts.notices = &m_notices;
        parts.appearance = &m_appearance;
        parts.proxy = &m_proxy;
    }

private:
    class Settings final : public luthien::desktop::SettingSource
    {
    public:
        Settings(const luthien::runtime::Config& config, const QString& file)
            : m_config(config)
            , m_settings(config, file.toStdString())
        {
        }
        [[nodiscard]] std::vector<luthien::runtime::SettingState> settings() const override
        {
            return m_settings.states();
        }
        [[nodiscard]] luthien::Result<luthien::runtime::SettingSaved>
        save(std::string_view key, const std::optional<std::string>& value) override
        {
            return m_settings.save(key, value);
        }
        [[nodiscard]] std::vector<luthien::runtime::UpstreamConfig> upstreams() const override
        {
            return m_config.upstreams;
        }

    private:
        luthien::runtime::Config m_config;
        luthien::runtime::LiveSettings m_settings;
    };

    [[nodiscard]] luthien::runtime::Config config() const
    {
        auto config = luthien::runtime::defaultConfig(luthien::runtime::Program::Desktop);
        config.upstreams.front().baseUrl = m_hostile;
        config.valueSources["limits.idle"] = {luthien::runtime::ValueOrigin::File, m_hostile};
        return config;
    }
    [[nodiscard]] QString file(const char* name) const { return m_directory.filePath(QString::fromLatin1(name)); }
    [[nodiscard]] luthien::desktop::SettingSources sources()
    {
        using namespace luthien;
        const auto verify = [this](const store::EvidenceCheck& check) -> Result<store::EvidenceReport> {
            check.progress(7);
            store::EvidenceReport report{.head = {.number = 7}};
            if (m_isEvidenceBroken)
                report.firstBreak = store::EvidenceBreak{.link = 3, .what = m_hostile};
            return report;
        };
        return {.settings = m_source,
                .evidence = {.head = [] { return Result<store::EvidenceHead>(store::EvidenceHead{.number = 7}); },
                             .keyId = [] { return Result<std::string>(std::string()); },
                             .key = [] { return std::shared_ptr<const store::EvidenceKey>(); },
                             .verify = verify},
                .tryDatabase = [this](const std::string&) -> Result<desktop::DatabaseFinding> {
                    return desktop::DatabaseFinding{.server = m_hostile, .newest = 9};
                },
                .makeTables = [](const std::string&) { return Result<void>(); },
                .openReader = []() -> Result<std::unique_ptr<store::Reader>> {
                    return Error{.code = ErrorCode::Unavailable, .message = "closed"};
                },
                .clock = m_clock,
                .secretsCommand = {},
                .storePlace = QString::fromStdString(m_hostile)};
    }

    const std::string m_hostile;
    QTemporaryDir m_directory;
    luthien::SystemClock m_clock;
    bool m_isPaused = false;
    bool m_isPortTaken = false;
    bool m_isEvidenceBroken = false;
    Settings m_source;
    luthien::test::FakeSessions m_sessions{10};
    luthien::desktop::SessionTitles m_titles{m_sessions, m_clock};
    luthien::desktop::CommandBook m_book{file("window.ini")};
    luthien::desktop::WindowState m_state{file("window.ini")};
    luthien::desktop::Appearance m_appearance{file("window.ini")};
    luthien::desktop::ProxyStatus m_proxy;
    luthien::desktop::SettingParts m_settings{sources()};
    luthien::desktop::DesktopNotifier m_notifier{QDBusConnection(QStringLiteral("none"))};
    luthien::desktop::Notices m_notices{m_notifier, m_clock, file("window.ini"), [](const QString&) { return false; }};
};
