./scripts/install.sh & ./scripts/install.sh --dev & wait; cat .venv/.installed
cat > tests/test_b.py <<'X'
"""x"""
import subprocess, pytest
@pytest.mark.browser
def test_b():
    """x"""
    done = subprocess.run(["chromium","--headless","--no-sandbox","--disable-gpu","--no-first-run","--disable-background-networking","--disable-component-update","--disable-sync","--dump-dom","data:text/html,<p>三声</p>"],capture_output=True,text=True,timeout=60)
    assert "三声" in done.stdout
X
s=$(date +%s%N); ./scripts/install.sh; e=$(date +%s%N); echo "overhead $(( (e-s)/1000000 )) ms"
./test tests/test_b.py
