// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "demo/db_drop.h"
#include "desktop/models/demo_steps.h"
#include "desktop/models/demo_tables.h"

#include <QObject>
#include <QQmlEngine>

#include <filesystem>

namespace luthien::desktop {

/// The demonstration in the window: what happens step by step, and what became of the tables. Thread: GUI.
class DemoRun : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool running READ isRunning NOTIFY changed FINAL)
    Q_PROPERTY(Outcome outcome READ outcome NOTIFY changed FINAL)
    Q_PROPERTY(QString verdict READ verdict NOTIFY changed FINAL)
    Q_PROPERTY(QString explanation READ explanation NOTIFY changed FINAL)
    Q_PROPERTY(QString sessionId READ sessionId NOTIFY changed FINAL)
    Q_PROPERTY(luthien::desktop::DemoSteps* steps READ steps CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::DemoTables* tables READ tables CONSTANT FINAL)

public:
    enum Outcome {
        None,        ///< nothing ran yet, or it runs
        TableGone,   ///< the call reached the agent and did what it says
        TableStands, ///< the call never reached the agent
        Unclear,     ///< the run ended without an attempt on the table
        Failed,
    };
    Q_ENUM(Outcome)

    /// The shop's database is made in directory.
    DemoRun(demo::ProxyRoute route, std::filesystem::path directory, QObject* parent = nullptr);

    [[nodiscard]] bool isRunning() const noexcept { return m_demo.isRunning(); }
    [[nodiscard]] Outcome outcome() const noexcept { return m_outcome; }
    [[nodiscard]] QString verdict() const;
    [[nodiscard]] QString explanation() const { return m_explanation; }
    /// The recorded session of the last run that came to its end.
    [[nodiscard]] QString sessionId() const { return m_sessionId; }
    [[nodiscard]] DemoSteps* steps() { return &m_steps; }
    [[nodiscard]] DemoTables* tables() { return &m_tables; }

    Q_INVOKABLE void start();
    Q_INVOKABLE void cancel();

    void progress(const demo::DbDropProgress& progress);
    void finish(const demo::DbDropOutcome& outcome);
    void fail(const Error& error);

Q_SIGNALS:
    void changed();

private:
    std::filesystem::path m_directory;
    DemoSteps m_steps;
    DemoTables m_tables;
    Outcome m_outcome = None;
    QString m_explanation;
    QString m_sessionId;
    demo::DbDrop m_demo;
};

} // namespace luthien::desktop
