// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Conversation
import Luthien.Desktop

TestCase {
    id: root

    name: "ExportForm"
    width: 600
    height: 400
    when: windowShown
    visible: true

    ExportForm {
        id: form

        width: 560
        exporter: fixture.exporter
        sessionId: "sess-1"
    }

    SignalSpy {
        id: finished

        target: fixture.exporter
        signalName: "finished"
    }

    function path() {
        return findChild(form, "exportPath");
    }

    function init() {
        finished.clear();
        fixture.exporter.begin();
        form.begin();
        path().text = fixture.directory + "/session.jsonl";
    }

    function test_1_savesByKeyboard() {
        verify(path().activeFocus);
        keyClick(Qt.Key_Return);
        finished.wait();
        compare(fixture.exporter.savedPath, fixture.directory + "/session.jsonl");
        verify(form.saved);
        tryVerify(() => findChild(form, "exportClose").activeFocus);
    }

    function test_2_asksBeforeItReplaces() {
        keyClick(Qt.Key_Return);
        verify(form.overwriteAsked);
        verify(!fixture.exporter.running);
        keyClick(Qt.Key_Return);
        finished.wait();
        verify(form.saved);
    }

    function test_3_choosesTheForm() {
        mouseClick(findChild(form, "exportFormat.1"));
        compare(path().text, fixture.directory + "/session.html");
        waitForRendering(form);
        mouseClick(findChild(form, "exportConfirm"));
        finished.wait();
        compare(fixture.exporter.savedPath, fixture.directory + "/session.html");
    }

    function test_4_saysWhyItCouldNot() {
        path().text = fixture.directory + "/absent/session.html";
        waitForRendering(form);
        mouseClick(findChild(form, "exportConfirm"));
        finished.wait();
        verify(!form.saved);
        verify(fixture.exporter.problem !== "");
        verify(form.editable);
    }
}
